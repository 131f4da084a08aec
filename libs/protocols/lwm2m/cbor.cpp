#include "libs/protocols/lwm2m/cbor.h"

#include <bit>
#include <cmath>
#include <cstring>

namespace karez::protocols::lwm2m {
namespace {

constexpr unsigned kIndefinite = 31;
constexpr int kMaxDepth = 16;

double HalfToDouble(uint64_t half) {
  const int exponent = static_cast<int>(half >> 10 & 0x1F);
  const auto mantissa = static_cast<double>(half & 0x3FF);
  double value = 0;
  if (exponent == 0) {
    value = std::ldexp(mantissa, -24);
  } else if (exponent != 31) {
    value = std::ldexp(mantissa + 1024, exponent - 25);
  } else {
    value = mantissa == 0 ? INFINITY : NAN;
  }
  return (half & 0x8000) != 0 ? -value : value;
}

}  // namespace

bool CborReader::ReadArgument(unsigned info, uint64_t& out) {
  out = info;
  if (info < 24) return true;
  if (info > 27) return false;
  const size_t size = size_t{1} << (info - 24);
  if (size > content_.size() - at_) return false;
  out = 0;
  for (size_t i = 0; i < size; ++i) {
    out = out << 8 | std::to_integer<uint64_t>(content_[at_ + i]);
  }
  at_ += size;
  return true;
}

bool CborReader::Next(CborItem& out) {
  using Type = CborItem::Type;
  for (;;) {
    if (at_ >= content_.size()) return false;
    const auto head = std::to_integer<unsigned>(content_[at_++]);
    const unsigned major = head >> 5;
    const unsigned info = head & 0x1F;
    out = CborItem{};
    if (info == kIndefinite) {
      if (major == 7) {
        out.type = Type::kBreak;
        return true;
      }
      if (major != 4 && major != 5) return false;
      out.type = major == 4 ? Type::kArray : Type::kMap;
      out.indefinite = true;
      return true;
    }
    if (!ReadArgument(info, out.number)) return false;
    switch (major) {
      case 0:
        out.type = Type::kUnsigned;
        return true;
      case 1:
        out.type = Type::kNegative;
        return true;
      case 2:
      case 3:
        if (out.number > content_.size() - at_) return false;
        out.type = major == 2 ? Type::kBytes : Type::kText;
        out.bytes = content_.subspan(at_, static_cast<size_t>(out.number));
        at_ += out.bytes.size();
        return true;
      case 4:
      case 5:
        out.type = major == 4 ? Type::kArray : Type::kMap;
        return true;
      case 6:
        continue;  // a tag: the item follows
      default:
        break;
    }
    if (info == 20 || info == 21) {
      out.type = Type::kBool;
      out.number = info - 20;
    } else if (info == 22) {
      out.type = Type::kNull;
    } else if (info >= 25 && info <= 27) {
      out.type = Type::kFloat;
      out.real = info == 25   ? HalfToDouble(out.number)
                 : info == 26 ? std::bit_cast<float>(static_cast<uint32_t>(out.number))
                              : std::bit_cast<double>(out.number);
    } else {
      return false;
    }
    return true;
  }
}

bool CborReader::Skip() { return SkipItem(0); }

bool CborReader::SkipItem(int depth) {
  CborItem item;
  if (depth > kMaxDepth || !Next(item) || item.type == CborItem::Type::kBreak) return false;
  if (item.type != CborItem::Type::kArray && item.type != CborItem::Type::kMap) return true;
  if (item.indefinite) {
    while (at_ < content_.size() && content_[at_] != std::byte{0xFF}) {
      if (!SkipItem(depth + 1)) return false;
    }
    return at_ < content_.size() && ++at_ > 0;
  }
  if (item.number > content_.size()) return false;
  const uint64_t count = item.type == CborItem::Type::kMap ? 2 * item.number : item.number;
  for (uint64_t i = 0; i < count; ++i) {
    if (!SkipItem(depth + 1)) return false;
  }
  return true;
}

void CborWriter::PutBig(uint64_t value, size_t size) {
  if (size_ + size <= out_.size()) {
    for (size_t i = 0; i < size; ++i) {
      out_[size_ + size - 1 - i] = static_cast<std::byte>(value >> (8 * i) & 0xFF);
    }
  }
  size_ += size;
}

void CborWriter::Put(Bytes bytes) {
  if (!bytes.empty() && size_ + bytes.size() <= out_.size()) {
    std::memcpy(out_.data() + size_, bytes.data(), bytes.size());
  }
  size_ += bytes.size();
}

CborWriter& CborWriter::Head(unsigned major, uint64_t argument) {
  if (argument < 24) {
    PutBig(major << 5 | argument, 1);
    return *this;
  }
  const unsigned power = argument <= 0xFF         ? 0
                         : argument <= 0xFFFF     ? 1
                         : argument <= 0xFFFFFFFF ? 2
                                                  : 3;
  PutBig(major << 5 | (24 + power), 1);
  PutBig(argument, size_t{1} << power);
  return *this;
}

CborWriter& CborWriter::Integer(int64_t value) {
  if (value >= 0) return Head(0, static_cast<uint64_t>(value));
  return Head(1, static_cast<uint64_t>(-(value + 1)));
}

CborWriter& CborWriter::Text(std::string_view text) {
  Head(3, text.size());
  Put(std::as_bytes(std::span(text.data(), text.size())));
  return *this;
}

CborWriter& CborWriter::ByteString(Bytes bytes) {
  Head(2, bytes.size());
  Put(bytes);
  return *this;
}

CborWriter& CborWriter::Bool(bool value) {
  PutBig(value ? 0xF5 : 0xF4, 1);
  return *this;
}

CborWriter& CborWriter::Real(double value) {
  const auto single = static_cast<float>(value);
  if (static_cast<double>(single) == value || std::isnan(value)) {
    PutBig(7u << 5 | 26, 1);
    PutBig(std::bit_cast<uint32_t>(single), 4);
  } else {
    PutBig(7u << 5 | 27, 1);
    PutBig(std::bit_cast<uint64_t>(value), 8);
  }
  return *this;
}

}  // namespace karez::protocols::lwm2m
