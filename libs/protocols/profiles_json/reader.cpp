#include "libs/protocols/profiles_json/reader.h"

#include "libs/protocols/explain/explain.h"

namespace karez::protocols {

ObjectReader::ObjectReader(const nlohmann::json& json, std::string path, const std::string& file,
                           std::vector<ProfileFault>& faults)
    : json_(json), path_(std::move(path)), file_(file), faults_(faults) {
  if (!json_.is_object()) Fault("", "must be an object");
}

std::string ObjectReader::Path(std::string_view key) const {
  if (path_.empty() || key.empty()) return path_ + std::string(key);
  return path_ + "." + std::string(key);
}

void ObjectReader::Fault(std::string_view key, std::string message) {
  faults_.push_back({file_, Path(key), std::move(message)});
}

const nlohmann::json* ObjectReader::Take(std::string_view key) {
  read_.emplace(key);
  if (!json_.is_object()) return nullptr;
  const auto found = json_.find(key);
  return found == json_.end() ? nullptr : &*found;
}

std::optional<std::string> ObjectReader::String(std::string_view key) {
  const nlohmann::json* found = Take(key);
  if (found == nullptr) return std::nullopt;
  if (found->is_string()) return found->get<std::string>();
  Fault(key, "must be a text");
  return std::nullopt;
}

void ObjectReader::Text(std::string_view key, std::string& value) {
  if (auto text = String(key)) value = std::move(*text);
}

void ObjectReader::Flag(std::string_view key, bool& value) {
  const nlohmann::json* found = Take(key);
  if (found == nullptr) return;
  if (found->is_boolean()) {
    value = found->get<bool>();
  } else {
    Fault(key, "must be true or false");
  }
}

void ObjectReader::Hex(std::string_view key, int digits, uint32_t& value) {
  const auto text = String(key);
  if (!text) return;
  std::vector<std::byte> bytes;
  if (text->size() != static_cast<size_t>(digits) || !ParseHex(*text, bytes) ||
      bytes.size() * 2 != text->size()) {
    Fault(key, "must be " + std::to_string(digits) + " hexadecimal digits");
    return;
  }
  value = 0;
  for (const std::byte b : bytes) value = value << 8 | std::to_integer<uint32_t>(b);
}

std::optional<int> ObjectReader::Integer(std::string_view key, int min, int max) {
  const nlohmann::json* found = Take(key);
  if (found == nullptr) return std::nullopt;
  if (found->is_number_integer()) {
    const auto value = found->get<int64_t>();
    const bool wrapped = found->is_number_unsigned() && value < 0;
    if (!wrapped && value >= min && value <= max) return static_cast<int>(value);
  }
  Fault(key, "must be a whole number from " + std::to_string(min) + " to " + std::to_string(max));
  return std::nullopt;
}

void ObjectReader::Require(std::string_view key) {
  if (json_.is_object() && !json_.contains(key)) Fault(key, "is missing");
}

const nlohmann::json* ObjectReader::Object(std::string_view key) {
  const nlohmann::json* found = Take(key);
  if (found == nullptr || found->is_object()) return found;
  Fault(key, "must be an object");
  return nullptr;
}

const nlohmann::json* ObjectReader::Array(std::string_view key) {
  const nlohmann::json* found = Take(key);
  if (found == nullptr || found->is_array()) return found;
  Fault(key, "must be a list");
  return nullptr;
}

void ObjectReader::Finish() {
  if (!json_.is_object()) return;
  for (const auto& [key, value] : json_.items()) {
    if (!read_.contains(key)) Fault(key, "is not a field of a profile");
  }
}

}  // namespace karez::protocols
