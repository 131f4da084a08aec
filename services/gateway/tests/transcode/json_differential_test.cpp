// Random messages through our codec and through protobuf's own must mean the same.
#include <random>

#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/message_differencer.h>
#include <google/protobuf/util/type_resolver_util.h>
#include <gtest/gtest.h>

#include "services/gateway/tests/transcode/schema_fixture.h"
#include "services/gateway/transcode/json_codec.h"

namespace karez::gateway::transcode {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

class Dice {
 public:
  explicit Dice(unsigned seed) : random_(seed) {}
  std::uint64_t Bits() { return random_() >> (random_() % 64); }
  bool Chance(unsigned percent) { return random_() % 100 < percent; }
  int Below(int bound) { return static_cast<int>(random_() % static_cast<unsigned>(bound)); }
  std::string Text() {
    static const char* const kPieces[] = {"a",  "Z", "0", "\"", "\\", "/",    "\n", "\x1f",
                                          "\t", " ", "é", "水", "💧",  "\x7f", "<",  "&"};
    std::string text;
    for (int i = Below(8); i > 0; --i) text += kPieces[Below(std::size(kPieces))];
    return text;
  }
  std::string Bytes() {
    std::string bytes;
    for (int i = Below(8); i > 0; --i) bytes += static_cast<char>(random_());
    return bytes;
  }
  double Real() {
    switch (Below(4)) {
      case 0:
        return static_cast<double>(static_cast<std::int64_t>(Bits()));
      case 1:
        return static_cast<double>(static_cast<std::int32_t>(Bits())) / 100;
      case 2:
        return std::ldexp(static_cast<double>(Bits()), Below(600) - 300);
      default:
        return 0;
    }
  }

 private:
  std::mt19937_64 random_;
};

class Filler {
 public:
  explicit Filler(unsigned seed) : dice_(seed) {}

  void Fill(Message& message, int depth) {
    const auto* descriptor = message.GetDescriptor();
    const Reflection* reflection = message.GetReflection();
    const std::string& name = descriptor->full_name();
    if (name == "google.protobuf.Timestamp" || name == "google.protobuf.Duration") {
      const auto second = static_cast<std::int64_t>(dice_.Bits() % 200'000'000'000);
      static constexpr int kNanos[] = {0, 5'000'000, 7'000, 123'456'789};
      reflection->SetInt64(&message, descriptor->FindFieldByNumber(1), second);
      reflection->SetInt32(&message, descriptor->FindFieldByNumber(2), kNanos[dice_.Below(4)]);
      return;
    }
    if (name == "google.protobuf.FieldMask") {
      for (int i = dice_.Below(3); i > 0; --i) {
        reflection->AddString(&message, descriptor->FindFieldByNumber(1), "display_name.unit");
      }
      return;
    }
    if (name == "google.protobuf.Any") return FillAny(message, depth);
    if (name == "google.protobuf.Value") {
      // A Value without a kind has no JSON form.
      return SetOne(message, descriptor->FindFieldByNumber(depth > 0 ? dice_.Below(6) + 1 : 3),
                    depth);
    }
    for (int i = 0; i < descriptor->field_count(); ++i) {
      const FieldDescriptor* field = descriptor->field(i);
      if (!dice_.Chance(40)) continue;
      if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && depth == 0) continue;
      for (int n = field->is_repeated() ? dice_.Below(3) : 1; n > 0; --n) {
        SetOne(message, field, depth);
      }
    }
  }

 private:
  void FillAny(Message& message, int depth) {
    const MessageInfo& info = Info("Line");
    auto content = NewMessage(info);
    Fill(*content, depth);
    const auto* descriptor = message.GetDescriptor();
    message.GetReflection()->SetString(&message, descriptor->FindFieldByNumber(1),
                                       "type.googleapis.com/karez.probe.v1.Line");
    message.GetReflection()->SetString(&message, descriptor->FindFieldByNumber(2),
                                       content->SerializeAsString());
  }

  template <class Set, class Add, class T>
  static void Put(Message& message, const FieldDescriptor* field, Set set, Add add, T value) {
    const Reflection* reflection = message.GetReflection();
    if (field->is_repeated()) {
      (reflection->*add)(&message, field, std::move(value));
    } else {
      (reflection->*set)(&message, field, std::move(value));
    }
  }

  void SetOne(Message& message, const FieldDescriptor* field, int depth) {
    using R = Reflection;
    switch (field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_INT32:
        return Put(message, field, &R::SetInt32, &R::AddInt32,
                   static_cast<std::int32_t>(dice_.Bits()));
      case FieldDescriptor::CPPTYPE_INT64:
        return Put(message, field, &R::SetInt64, &R::AddInt64,
                   static_cast<std::int64_t>(dice_.Bits()));
      case FieldDescriptor::CPPTYPE_UINT32:
        return Put(message, field, &R::SetUInt32, &R::AddUInt32,
                   static_cast<std::uint32_t>(dice_.Bits()));
      case FieldDescriptor::CPPTYPE_UINT64:
        return Put(message, field, &R::SetUInt64, &R::AddUInt64, dice_.Bits());
      case FieldDescriptor::CPPTYPE_DOUBLE:
        return Put(message, field, &R::SetDouble, &R::AddDouble, dice_.Real());
      case FieldDescriptor::CPPTYPE_FLOAT:
        return Put(message, field, &R::SetFloat, &R::AddFloat,
                   static_cast<float>(dice_.Below(1'000'000)) / 100);
      case FieldDescriptor::CPPTYPE_BOOL:
        return Put(message, field, &R::SetBool, &R::AddBool, dice_.Chance(50));
      case FieldDescriptor::CPPTYPE_ENUM:
        return Put(
            message, field, &R::SetEnumValue, &R::AddEnumValue,
            field->enum_type()->value(dice_.Below(field->enum_type()->value_count()))->number());
      case FieldDescriptor::CPPTYPE_STRING:
        return Put(message, field, &R::SetString, &R::AddString,
                   field->type() == FieldDescriptor::TYPE_BYTES ? dice_.Bytes() : dice_.Text());
      case FieldDescriptor::CPPTYPE_MESSAGE: {
        const Reflection* reflection = message.GetReflection();
        Message* child = field->is_repeated() ? reflection->AddMessage(&message, field)
                                              : reflection->MutableMessage(&message, field);
        return field->is_map() ? FillEntry(message, field, *child, depth - 1)
                               : Fill(*child, depth - 1);
      }
    }
  }

  // Keys are kept apart by counting, because equal ones would be merged.
  void FillEntry(const Message& message, const FieldDescriptor* field, Message& entry, int depth) {
    const int size = message.GetReflection()->FieldSize(message, field);
    const Reflection* reflection = entry.GetReflection();
    const FieldDescriptor* key = field->message_type()->map_key();
    if (key->cpp_type() == FieldDescriptor::CPPTYPE_BOOL) {
      reflection->SetBool(&entry, key, size % 2 == 0);
    } else if (key->cpp_type() == FieldDescriptor::CPPTYPE_INT32) {
      reflection->SetInt32(&entry, key, size);
    } else if (key->cpp_type() == FieldDescriptor::CPPTYPE_UINT64) {
      reflection->SetUInt64(&entry, key, static_cast<std::uint64_t>(size));
    } else {
      reflection->SetString(&entry, key, std::to_string(size) + dice_.Text());
    }
    const FieldDescriptor* value = field->message_type()->map_value();
    if (value->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      Fill(*entry.GetReflection()->MutableMessage(&entry, value), depth);
    } else {
      SetOne(entry, value, depth);
    }
  }

  Dice dice_;
};

class LibraryJson {
 public:
  LibraryJson()
      : resolver_(google::protobuf::util::NewTypeResolverForDescriptorPool(
            "type.googleapis.com", &ProbeSchema()->pool())) {}
  std::string Print(const Message& message) const {
    google::protobuf::util::JsonPrintOptions options;
    options.always_print_primitive_fields = true;
    std::string json;
    const auto status = google::protobuf::util::BinaryToJsonString(
        resolver_.get(), "type.googleapis.com/karez.probe.v1.Kinds", message.SerializeAsString(),
        &json, options);
    EXPECT_TRUE(status.ok()) << status.ToString();
    return json;
  }
  bool Parse(const std::string& json, Message& message) const {
    std::string binary;
    const auto status = google::protobuf::util::JsonToBinaryString(
        resolver_.get(), "type.googleapis.com/karez.probe.v1.Kinds", json, &binary);
    EXPECT_TRUE(status.ok()) << status.ToString();
    return status.ok() && message.ParseFromString(binary);
  }

 private:
  std::unique_ptr<google::protobuf::util::TypeResolver> resolver_;
};

std::string Difference(const Message& a, const Message& b) {
  google::protobuf::util::MessageDifferencer differencer;
  std::string report;
  differencer.ReportDifferencesToString(&report);
  return differencer.Compare(a, b) ? "" : report;
}

TEST(JsonDifferentialTest, AgreesWithTheLibraryOnRandomMessages) {
  const MessageInfo& info = Info("Kinds");
  const LibraryJson library;
  for (unsigned seed = 0; seed < 500; ++seed) {
    auto original = NewMessage(info);
    Filler(seed).Fill(*original, 3);

    auto from_library = NewMessage(info);
    const std::string library_text = library.Print(*original);
    const auto read = ReadJson(*ProbeSchema(), library_text, info, *from_library);
    ASSERT_TRUE(read) << seed << ": " << read.error() << library_text;
    ASSERT_EQ(Difference(*original, *from_library), "") << seed;

    std::string text;
    WriteJson(*ProbeSchema(), info, *original, text);
    auto by_library = NewMessage(info);
    ASSERT_TRUE(library.Parse(text, *by_library)) << seed << ": " << text;
    ASSERT_EQ(Difference(*original, *by_library), "") << seed;

    auto by_us = NewMessage(info);
    ASSERT_TRUE(ReadJson(*ProbeSchema(), text, info, *by_us)) << seed << ": " << text;
    ASSERT_EQ(Difference(*original, *by_us), "") << seed;
  }
}

}  // namespace
}  // namespace karez::gateway::transcode
