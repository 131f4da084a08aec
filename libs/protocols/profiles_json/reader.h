// Reads a JSON object strictly: wrong types, values out of range and unknown fields are gathered
// as faults, so that one load shows all of them. Internal to this library.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "libs/protocols/profiles_json/catalogue.h"

namespace karez::protocols {

class ObjectReader {
 public:
  // `json` and `faults` must outlive the reader. `path` is empty for the file's root.
  ObjectReader(const nlohmann::json& json, std::string path, const std::string& file,
               std::vector<ProfileFault>& faults);

  bool Has(std::string_view key) const { return json_.is_object() && json_.contains(key); }
  void Fault(std::string_view key, std::string message);

  // Each reads an optional field, keeps `value` when it is absent, and notes what is wrong.
  void Text(std::string_view key, std::string& value);
  void Flag(std::string_view key, bool& value);
  void Hex(std::string_view key, int digits, uint32_t& value);  // "901F"
  template <class T>
  void Number(std::string_view key, int min, int max, T& value) {
    if (const auto number = Integer(key, min, max)) value = static_cast<T>(*number);
  }
  template <class T>
  void Choice(std::string_view key, std::initializer_list<std::pair<std::string_view, T>> choices,
              T& value) {
    const auto text = String(key);
    if (!text) return;
    std::string allowed;
    for (const auto& [name, choice] : choices) {
      if (*text == name) {
        value = choice;
        return;
      }
      allowed += (allowed.empty() ? "" : ", ") + std::string(name);
    }
    Fault(key, "must be one of: " + allowed);
  }

  // A fault when a field is missing.
  void Require(std::string_view key);

  // Null when absent or (with a fault) of another type.
  const nlohmann::json* Object(std::string_view key);
  const nlohmann::json* Array(std::string_view key);
  std::optional<std::string> String(std::string_view key);

  // Notes every field that nobody read.
  void Finish();

  std::string Path(std::string_view key) const;

 private:
  const nlohmann::json* Take(std::string_view key);
  std::optional<int> Integer(std::string_view key, int min, int max);

  const nlohmann::json& json_;
  std::string path_;
  const std::string& file_;
  std::vector<ProfileFault>& faults_;
  std::set<std::string, std::less<>> read_;
};

}  // namespace karez::protocols
