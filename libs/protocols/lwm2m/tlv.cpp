#include "libs/protocols/lwm2m/tlv.h"

#include <bit>
#include <cstring>

namespace karez::protocols::lwm2m {
namespace {

enum class Kind : uint8_t { kObjectInstance, kResourceInstance, kMultipleResource, kResource };

struct Element {
  Kind kind = Kind::kResource;
  uint16_t id = 0;
  Bytes value;
  size_t size = 0;  // with its header
};

uint64_t LoadBig(Bytes bytes) {
  uint64_t value = 0;
  for (const std::byte b : bytes) value = value << 8 | std::to_integer<uint64_t>(b);
  return value;
}

bool ReadElement(Bytes rest, Element& out) {
  const auto type = std::to_integer<unsigned>(rest[0]);
  out.kind = static_cast<Kind>(type >> 6);
  const size_t id_size = (type & 0x20) != 0 ? 2 : 1;
  const size_t length_size = type >> 3 & 3;
  const size_t header = 1 + id_size + length_size;
  if (rest.size() < header) return false;
  out.id = static_cast<uint16_t>(LoadBig(rest.subspan(1, id_size)));
  const size_t length = length_size == 0
                            ? type & 7
                            : static_cast<size_t>(LoadBig(rest.subspan(1 + id_size, length_size)));
  if (length > rest.size() - header) return false;
  out.value = rest.subspan(header, length);
  out.size = header + length;
  return true;
}

bool IsUtf8(Bytes bytes) {
  for (size_t i = 0; i < bytes.size();) {
    const auto lead = std::to_integer<unsigned>(bytes[i]);
    const size_t size = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (size > bytes.size() - i || (size > 1 && lead < 0xC2) || lead > 0xF4) return false;
    for (size_t k = 1; k < size; ++k) {
      if (std::to_integer<unsigned>(bytes[i + k]) >> 6 != 2) return false;
    }
    if (lead < 0x20 && lead != '\t' && lead != '\r' && lead != '\n') return false;
    i += size;
  }
  return true;
}

class Reader {
 public:
  Reader(Bytes content, const Path& base, Entries& out)
      : content_(content), base_(base), out_(out) {}

  Error Read() { return ReadLevel(content_, base_); }

 private:
  Error ReadLevel(Bytes level, const Path& path) {
    while (!level.empty()) {
      Element element;
      const auto at = static_cast<uint16_t>(level.data() - content_.data());
      if (!ReadElement(level, element)) {
        return {Fault::kShort, at, 0, static_cast<uint32_t>(level.size())};
      }
      if (const Error error = ReadOne(element, at, path); !error.ok()) return error;
      level = level.subspan(element.size);
    }
    return {};
  }

  // Where an element stands below what was asked for: a server may ask for a resource and get it
  // in its own TLV, or even in that of its object instance.
  Error ReadOne(const Element& element, uint16_t at, const Path& path) {
    const Error misplaced{Fault::kIdentifier, at, 0, std::to_integer<uint32_t>(content_[at])};
    Path place = path;
    switch (element.kind) {
      case Kind::kObjectInstance:
        if (path.depth == 0) place = Path{{kNoObject}, 1};
        if (!Enter(place, 1, element.id)) return misplaced;
        return ReadLevel(element.value, place);
      case Kind::kMultipleResource:
      case Kind::kResource:
        if (path.depth == 0) place = Path{{kNoObject, 0}, 2};
        if (path.depth == 1) place = path.Child(0);
        if (!Enter(place, 2, element.id)) return misplaced;
        if (element.kind == Kind::kMultipleResource) return ReadLevel(element.value, place);
        return Add(element, place);
      case Kind::kResourceInstance:
        if (path.depth < 3 || !Enter(place, 3, element.id)) return misplaced;
        return Add(element, place);
    }
    return misplaced;
  }

  // Puts `id` at that level of the path; false when another one was asked for.
  static bool Enter(Path& place, uint8_t level, uint16_t id) {
    if (place.depth > level) return place.ids[level] == id;
    if (place.depth < level) return false;
    place = place.Child(id);
    return true;
  }

  Error Add(const Element& element, const Path& path) {
    Entry entry;
    entry.path = path;
    entry.place = {static_cast<uint16_t>(element.value.data() - content_.data()),
                   static_cast<uint16_t>(element.value.size())};
    entry.rejected = !ReadTlvValue(element.value, TypeOfResource(path), entry.value);
    if (!out_.push_back(entry)) {
      return {Fault::kLength, entry.place.offset, kMaxEntries, kMaxEntries + 1};
    }
    return {};
  }

  // Content is of one object, and lists its resources in their order: look where we left off.
  Type TypeOfResource(const Path& path) {
    if (path.object() != object_id_) {
      object_id_ = path.object();
      object_ = FindObject(object_id_);
      next_ = 0;
    }
    if (object_ == nullptr) return Type::kUnknown;
    const std::span<const ResourceSpec> specs = object_->resources;
    for (size_t tried = 0; tried < specs.size(); ++tried) {
      const size_t at = next_ + tried < specs.size() ? next_ + tried : next_ + tried - specs.size();
      if (specs[at].id == path.resource()) {
        next_ = at;
        return specs[at].type;
      }
    }
    return Type::kUnknown;
  }

  Bytes content_;
  const Path& base_;
  Entries& out_;
  uint16_t object_id_ = kNoObject;
  const ObjectSpec* object_ = nullptr;
  size_t next_ = 0;
};

size_t IntegerSize(int64_t value) {
  if (value == static_cast<int8_t>(value)) return 1;
  if (value == static_cast<int16_t>(value)) return 2;
  if (value == static_cast<int32_t>(value)) return 4;
  return 8;
}

size_t UnsignedSize(uint64_t value) {
  return value <= 0xFF ? 1 : value <= 0xFFFF ? 2 : value <= 0xFFFFFFFF ? 4 : 8;
}

bool FitsFloat(double value) {
  return static_cast<double>(static_cast<float>(value)) == value || value != value;
}

size_t ValueSize(const Value& value) {
  switch (value.type) {
    case Type::kInteger:
    case Type::kTime:
      return IntegerSize(value.integer);
    case Type::kUnsigned:
      return UnsignedSize(static_cast<uint64_t>(value.integer));
    case Type::kFloat:
      return FitsFloat(value.real) ? 4 : 8;
    case Type::kBoolean:
      return 1;
    case Type::kObjectLink:
      return 4;
    case Type::kString:
    case Type::kOpaque:
    case Type::kUnknown:
      return value.bytes.size();
    case Type::kNone:
      return 0;
  }
  return 0;
}

size_t HeaderSize(uint16_t id, size_t length) {
  const size_t length_size = length < 8 ? 0 : length <= 0xFF ? 1 : length <= 0xFFFF ? 2 : 3;
  return 1 + (id > 0xFF ? 2u : 1u) + length_size;
}

class Writer {
 public:
  Writer(std::span<std::byte> out) : out_(out) {}

  // Entries that share the ids up to `level`, each group as one element.
  void WriteLevel(std::span<const Entry> entries, uint8_t level) {
    while (!entries.empty()) {
      const size_t count = GroupSize(entries, level);
      WriteGroup(entries.first(count), level);
      entries = entries.subspan(count);
    }
  }
  size_t size() const { return size_; }

 private:
  static size_t GroupSize(std::span<const Entry> entries, uint8_t level) {
    size_t count = 1;
    while (count < entries.size() && entries[count].path.ids[level] == entries[0].path.ids[level]) {
      ++count;
    }
    return count;
  }

  static size_t LevelSize(std::span<const Entry> entries, uint8_t level) {
    size_t size = 0;
    while (!entries.empty()) {
      const size_t count = GroupSize(entries, level);
      const size_t length = ContentSize(entries.first(count), level);
      size += HeaderSize(entries[0].path.ids[level], length) + length;
      entries = entries.subspan(count);
    }
    return size;
  }

  static size_t ContentSize(std::span<const Entry> group, uint8_t level) {
    if (group[0].path.depth == level + 1) return ValueSize(group[0].value);
    return LevelSize(group, static_cast<uint8_t>(level + 1));
  }

  void WriteGroup(std::span<const Entry> group, uint8_t level) {
    const bool leaf = group[0].path.depth == level + 1;
    const Kind kind = level == 1   ? Kind::kObjectInstance
                      : level == 3 ? Kind::kResourceInstance
                      : leaf       ? Kind::kResource
                                   : Kind::kMultipleResource;
    const size_t length = ContentSize(group, level);
    WriteHeader(kind, group[0].path.ids[level], length);
    if (leaf) {
      WriteValue(group[0].value);
    } else {
      WriteLevel(group, static_cast<uint8_t>(level + 1));
    }
  }

  void WriteHeader(Kind kind, uint16_t id, size_t length) {
    const size_t id_size = id > 0xFF ? 2 : 1;
    const size_t length_size = HeaderSize(id, length) - 1 - id_size;
    PutBig(static_cast<unsigned>(kind) << 6 | (id_size == 2 ? 0x20u : 0u) | length_size << 3 |
               (length_size == 0 ? length : 0),
           1);
    PutBig(id, id_size);
    PutBig(length, length_size);
  }

  void WriteValue(const Value& value) {
    const size_t size = ValueSize(value);
    switch (value.type) {
      case Type::kFloat:
        PutBig(size == 4 ? std::bit_cast<uint32_t>(static_cast<float>(value.real))
                         : std::bit_cast<uint64_t>(value.real),
               size);
        return;
      case Type::kString:
      case Type::kOpaque:
      case Type::kUnknown:
        if (size > 0 && size_ + size <= out_.size()) {
          std::memcpy(out_.data() + size_, value.bytes.data(), size);
        }
        size_ += size;
        return;
      default:
        PutBig(static_cast<uint64_t>(value.integer), size);
    }
  }

  void PutBig(uint64_t value, size_t size) {
    if (size_ + size <= out_.size()) {
      for (size_t i = 0; i < size; ++i) {
        out_[size_ + size - 1 - i] = static_cast<std::byte>(value >> (8 * i) & 0xFF);
      }
    }
    size_ += size;
  }

  std::span<std::byte> out_;
  size_t size_ = 0;
};

}  // namespace

bool ReadTlvValue(Bytes bytes, Type type, Value& out) {
  out.type = type;
  out.bytes = bytes;
  const size_t size = bytes.size();
  const bool number = size == 1 || size == 2 || size == 4 || size == 8;
  switch (type) {
    case Type::kInteger:
    case Type::kTime:
      if (!number) return false;
      // Sign from the first byte.
      out.integer = static_cast<int64_t>(LoadBig(bytes) << (64 - 8 * size)) >> (64 - 8 * size);
      return true;
    case Type::kUnsigned:
      if (!number) return false;
      out.integer = static_cast<int64_t>(LoadBig(bytes));
      return true;
    case Type::kFloat:
      if (size == 4) {
        out.real = std::bit_cast<float>(static_cast<uint32_t>(LoadBig(bytes)));
      } else if (size == 8) {
        out.real = std::bit_cast<double>(LoadBig(bytes));
      }
      return size == 4 || size == 8;
    case Type::kBoolean:
      out.integer = static_cast<int64_t>(size == 1 ? LoadBig(bytes) : 2);
      return out.integer <= 1;
    case Type::kObjectLink:
      out.integer = static_cast<int64_t>(size == 4 ? LoadBig(bytes) : 0);
      return size == 4;
    case Type::kString:
      return IsUtf8(bytes);
    case Type::kOpaque:
    case Type::kUnknown:
      return true;
    case Type::kNone:
      return size == 0;
  }
  return false;
}

Error ReadTlv(Bytes content, const Path& base, Entries& out) {
  out.clear();
  if (content.size() > UINT16_MAX) {
    return {Fault::kLength, 0, UINT16_MAX, static_cast<uint32_t>(content.size())};
  }
  return Reader(content, base, out).Read();
}

Written WriteTlv(std::span<const Entry> entries, const Path& base, std::span<std::byte> out) {
  if (!AreOrdered(entries, base)) return {{Fault::kValue}};
  for (const Entry& entry : entries) {
    if (entry.rejected || (entry.path.depth == 3 && base.depth == 4)) return {{Fault::kValue}};
  }
  // A single resource is asked for by its own path, yet sent in its TLV.
  const bool single = base.depth == 3 && !entries.empty() && entries[0].path.depth == 3;
  const uint8_t level = base.depth == 0 ? 1 : base.depth == 4 ? 3 : base.depth;
  Writer writer(out);
  writer.WriteLevel(entries, single ? 2 : level);
  if (writer.size() > out.size()) {
    return {{Fault::kBuffer, 0, static_cast<uint32_t>(writer.size()), 0}};
  }
  return {{}, writer.size()};
}

}  // namespace karez::protocols::lwm2m
