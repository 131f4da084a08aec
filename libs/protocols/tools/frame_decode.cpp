// frame-decode: a frame's bytes in, every field with its place out, as JSON.
#include <cstdio>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "libs/protocols/profiles_json/catalogue.h"
#include "libs/protocols/profiles_json/describe.h"

namespace karez::protocols {
namespace {

constexpr int kBadFrame = 1;
constexpr int kBadUsage = 2;

constexpr const char kUsage[] = R"(usage: frame-decode [options] HEX… | -

Decodes the first frame in the hexadecimal bytes (from standard input with '-').
Exit code: 0 a frame was found, 1 there is none (the JSON says why), 2 wrong usage.

  --protocol NAME    cjt188 (default) or envelope (docs/terminal-protocol.md)
  --direction NAME   request or response; cjt188 and envelope tell it themselves
  --profile ID       meter profile (default cjt188-2004)
  --profiles DIR     more profiles: DIR/meters/*.json, DIR/terminals/*.json
  --list-profiles    prints the meter profiles and ends
)";

struct Options {
  std::string protocol = "cjt188";
  std::string profile = "cjt188-2004";
  std::string directory;
  bool list = false;
  bool help = false;
  std::string hex;
};

int Refuse(const std::string& message) {
  std::cerr << "frame-decode: " << message << "\n\n" << kUsage;
  return kBadUsage;
}

// Empty: all is well.
std::string ReadOption(std::string_view name, const std::string& value, Options& out) {
  if (name == "--protocol") {
    if (value != "cjt188" && value != "envelope") {
      return "protocol '" + value + "' is not known: use cjt188 or envelope";
    }
    out.protocol = value;
  } else if (name == "--direction") {
    if (value != "request" && value != "response") {
      return "direction must be request or response";
    }
  } else if (name == "--profile") {
    out.profile = value;
  } else if (name == "--profiles") {
    out.directory = value;
  } else {
    return "option " + std::string(name) + " is not known";
  }
  return "";
}

std::string ReadArguments(const std::vector<std::string>& arguments, Options& out) {
  for (size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (argument == "--help" || argument == "-h") {
      out.help = true;
    } else if (argument == "--list-profiles") {
      out.list = true;
    } else if (argument == "-") {
      out.hex.assign(std::istreambuf_iterator<char>(std::cin), {});
    } else if (argument.starts_with("--")) {
      const size_t equals = argument.find('=');
      if (equals == std::string::npos && i + 1 == arguments.size()) {
        return argument + " needs a value";
      }
      const std::string value =
          equals == std::string::npos ? arguments[++i] : argument.substr(equals + 1);
      const std::string fault = ReadOption(argument.substr(0, equals), value, out);
      if (!fault.empty()) return fault;
    } else {
      out.hex += argument + " ";
    }
  }
  return "";
}

int Run(const std::vector<std::string>& arguments) {
  Options options;
  const std::string fault = ReadArguments(arguments, options);
  if (!fault.empty()) return Refuse(fault);
  if (options.help) {
    std::cout << kUsage;
    return 0;
  }
  ProfileCatalogue catalogue = ProfileCatalogue::BuiltIn();
  if (!options.directory.empty()) {
    const std::vector<ProfileFault> faults = catalogue.AddDirectory(options.directory);
    for (const ProfileFault& found : faults) {
      std::cerr << found.file << ": " << found.field << " " << found.message << "\n";
    }
    if (!faults.empty()) return kBadUsage;
  }
  if (options.list) {
    for (const MeterProfile& profile : catalogue.meters()) {
      std::cout << profile.id << "\t" << profile.vendor << "\t" << profile.model << "\n";
    }
    return 0;
  }
  const MeterProfile* profile = catalogue.FindMeter(options.profile);
  if (profile == nullptr) {
    return Refuse("profile '" + options.profile + "' is not known: see --list-profiles");
  }
  std::vector<std::byte> bytes;
  if (!ParseHex(options.hex, bytes)) return Refuse("the frame must be whole hexadecimal bytes");
  if (bytes.empty()) return Refuse("no bytes given");
  const Description description = options.protocol == "envelope" ? DescribeEnvelope(*profile, bytes)
                                                                 : DescribeFrame(*profile, bytes);
  std::cout << description.json << "\n";
  return description.valid ? 0 : kBadFrame;
}

}  // namespace
}  // namespace karez::protocols

int main(int argc, char** argv) { return karez::protocols::Run({argv + 1, argv + argc}); }
