// Reads meter and terminal profiles (JSON) and validates them with all faults listed. The files
// under libs/protocols/profiles are built in; a directory of the same shape may add to
// them. Loading allocates and is for start-up; a loaded catalogue is immutable and shared between
// threads. Format: libs/protocols/README.md.
#pragma once

#include <deque>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "libs/protocols/envelope/transparent.h"
#include "libs/protocols/profile.h"

namespace karez::protocols {

struct ProfileFault {
  std::string file;     // "<id>.json"
  std::string field;    // path, "cjt188.series[0].width"; empty: the file as a whole
  std::string message;  // what is wrong and what is allowed
};

class ProfileCatalogue {
 public:
  // The profiles that ship with Karez. They are valid: a test loads them.
  static ProfileCatalogue BuiltIn();

  // Adds `directory`/meters/*.json and `directory`/terminals/*.json; a file with the id of a
  // profile that is there already replaces it. Returns every fault found; a file with a fault adds
  // nothing. A folder that does not exist is empty.
  std::vector<ProfileFault> AddDirectory(const std::filesystem::path& directory);

  // `id` is the file name without .json. Faults as above.
  std::vector<ProfileFault> AddMeter(std::string_view id, std::string_view json);
  std::vector<ProfileFault> AddTerminal(std::string_view id, std::string_view json);

  // Null when there is none. Pointers stay valid as long as the catalogue, also across Add….
  const MeterProfile* FindMeter(std::string_view id) const;
  const envelope::TerminalProfile* FindTerminal(std::string_view id) const;
  const std::deque<MeterProfile>& meters() const { return meters_; }
  const std::deque<envelope::TerminalProfile>& terminals() const { return terminals_; }

 private:
  std::deque<MeterProfile> meters_;
  std::deque<envelope::TerminalProfile> terminals_;
};

}  // namespace karez::protocols
