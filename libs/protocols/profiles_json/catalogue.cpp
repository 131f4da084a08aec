#include "libs/protocols/profiles_json/catalogue.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include <nlohmann/json.hpp>

#include "libs/protocols/profiles_json/built_in.h"
#include "libs/protocols/profiles_json/meter_profile.h"

namespace karez::protocols {
namespace {

using envelope::TerminalProfile;

// A member named twice is a mistake that the parser would hide.
nlohmann::json ParseStrict(std::string_view text, const std::string& file,
                           std::vector<ProfileFault>& faults) {
  std::vector<std::vector<std::string>> open;
  const auto watch = [&](int, nlohmann::json::parse_event_t event, nlohmann::json& parsed) {
    if (event == nlohmann::json::parse_event_t::object_start) open.emplace_back();
    if (event == nlohmann::json::parse_event_t::object_end) open.pop_back();
    if (event == nlohmann::json::parse_event_t::key) {
      const auto key = parsed.get<std::string>();
      if (std::find(open.back().begin(), open.back().end(), key) != open.back().end()) {
        faults.push_back({file, key, "appears twice"});
      }
      open.back().push_back(key);
    }
    return true;
  };
  try {
    return nlohmann::json::parse(text, watch);
  } catch (const nlohmann::json::parse_error& error) {
    faults.push_back({file, "", "is not JSON: byte " + std::to_string(error.byte)});
    return nullptr;
  } catch (const nlohmann::json::out_of_range&) {
    faults.push_back({file, "", "is not JSON: a number is too large"});
    return nullptr;
  }
}

template <class T>
const T* Find(const std::deque<T>& profiles, std::string_view id) {
  // The last one wins: a replaced profile stays where it is for those who hold it.
  const auto found = std::find_if(profiles.rbegin(), profiles.rend(),
                                  [id](const T& profile) { return profile.id == id; });
  return found == profiles.rend() ? nullptr : &*found;
}

template <class Add>
void AddFolder(const std::filesystem::path& folder, std::vector<ProfileFault>& faults, Add add) {
  std::error_code missing;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder, missing)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  for (const auto& file : files) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    if (!in) {
      faults.push_back({file.filename().string(), "", "cannot be read"});
      continue;
    }
    for (ProfileFault& fault : add(file.stem().string(), text.str())) {
      faults.push_back(std::move(fault));
    }
  }
}

}  // namespace

ProfileCatalogue ProfileCatalogue::BuiltIn() {
  ProfileCatalogue catalogue;
  for (const BuiltInFile& file : BuiltInMeters()) catalogue.AddMeter(file.id, file.json);
  for (const BuiltInFile& file : BuiltInTerminals()) catalogue.AddTerminal(file.id, file.json);
  return catalogue;
}

std::vector<ProfileFault> ProfileCatalogue::AddMeter(std::string_view id, std::string_view json) {
  std::vector<ProfileFault> faults;
  const std::string file = std::string(id) + ".json";
  const nlohmann::json parsed = ParseStrict(json, file, faults);
  if (!faults.empty()) return faults;
  MeterProfile profile;
  profile.id = id;
  ReadMeterProfile(parsed, file, profile, faults);
  if (faults.empty()) meters_.push_back(std::move(profile));
  return faults;
}

std::vector<ProfileFault> ProfileCatalogue::AddTerminal(std::string_view id,
                                                        std::string_view json) {
  std::vector<ProfileFault> faults;
  const std::string file = std::string(id) + ".json";
  const nlohmann::json parsed = ParseStrict(json, file, faults);
  if (!faults.empty()) return faults;
  TerminalProfile profile;
  profile.id = id;
  ReadTerminalProfile(parsed, file, profile, faults);
  if (faults.empty()) terminals_.push_back(std::move(profile));
  return faults;
}

std::vector<ProfileFault> ProfileCatalogue::AddDirectory(const std::filesystem::path& directory) {
  std::vector<ProfileFault> faults;
  AddFolder(directory / "meters", faults,
            [this](const std::string& id, const std::string& json) { return AddMeter(id, json); });
  AddFolder(
      directory / "terminals", faults,
      [this](const std::string& id, const std::string& json) { return AddTerminal(id, json); });
  return faults;
}

const MeterProfile* ProfileCatalogue::FindMeter(std::string_view id) const {
  return Find(meters_, id);
}

const TerminalProfile* ProfileCatalogue::FindTerminal(std::string_view id) const {
  return Find(terminals_, id);
}

}  // namespace karez::protocols
