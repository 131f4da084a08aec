// frame-decode: a frame's bytes in, every field with its place out, as JSON.
#include <algorithm>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "libs/protocols/explain/explain.h"
#include "libs/protocols/profiles_json/catalogue.h"

namespace karez::protocols {
namespace {

constexpr int kBadFrame = 1;
constexpr int kBadUsage = 2;

constexpr const char kUsage[] = R"(usage: frame-decode [options] HEX… | JSON | -
       frame-decode [options] --lines

Decodes what a device or a carrier's platform sent: the first frame in hexadecimal bytes, or JSON
(from standard input with '-'). Prints JSON.
Exit code: 0 a frame was found, 1 there is none (the JSON says why), 2 wrong usage.

  --protocol NAME      default auto: lists every protocol that fits
  --direction NAME     request or response; the list below says where it is needed
  --profile ID         meter profile; default: the standard's own rules
  --profiles DIR       more profiles: DIR/meters/*.json, DIR/terminals/*.json
  --list-profiles      prints the meter profiles and ends
  --key NAME=VALUE     a key in hexadecimal or a token, can be repeated; names in the list below
  --already-decrypted  the body is plain, whatever the frame says
  --lines              answers one question a line of standard input with one line of JSON:
                       {"content": …, "protocol", "direction", "profile", "keys": {NAME: VALUE},
                       "already_decrypted"}; what is absent is as the options say

Protocols:
)";

struct Options {
  Question question{.protocol = "auto"};
  std::string profile;
  std::string directory;
  bool list = false;
  bool lines = false;
  bool help = false;
};

std::string Usage() {
  std::string text = kUsage;
  for (const Explainer& explainer : Explainers()) {
    std::string name(explainer.protocol);
    name.resize(std::max<size_t>(name.size(), 14), ' ');
    text += "  " + name + " " + std::string(explainer.title);
    if (!explainer.hint.empty()) text += "; " + std::string(explainer.hint);
    if (explainer.is_text) text += "; JSON";
    if (explainer.needs_direction) text += "; needs --direction";
    if (!explainer.keys.empty()) text += "; keys: " + std::string(explainer.keys);
    text += "\n";
  }
  return text;
}

int Refuse(const std::string& message) {
  std::cerr << "frame-decode: " << message << "\n\n" << Usage();
  return kBadUsage;
}

// Each Read… returns what is wrong; empty: all is well.
std::string ReadProtocol(const std::string& value, Question& out) {
  if (value != "auto" && FindExplainer(value) == nullptr) {
    return "protocol '" + value + "' is not known";
  }
  out.protocol = value;
  return "";
}

std::string ReadDirection(const std::string& value, Question& out) {
  if (value != "request" && value != "response") return "direction must be request or response";
  out.direction = value == "request" ? Direction::kRequest : Direction::kResponse;
  return "";
}

std::string ReadProfile(const ProfileCatalogue& catalogue, const std::string& id, Question& out) {
  out.profile = catalogue.FindMeter(id);
  if (out.profile == nullptr) return "profile '" + id + "' is not known: see --list-profiles";
  return "";
}

std::string ReadOption(std::string_view name, const std::string& value, Options& out) {
  if (name == "--protocol") return ReadProtocol(value, out.question);
  if (name == "--direction") return ReadDirection(value, out.question);
  if (name == "--profile") {
    out.profile = value;
  } else if (name == "--profiles") {
    out.directory = value;
  } else if (name == "--key") {
    const size_t equals = value.find('=');
    if (equals == std::string::npos || equals == 0) return "--key must be NAME=VALUE";
    out.question.keys[value.substr(0, equals)] = value.substr(equals + 1);
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
    } else if (argument == "--lines") {
      out.lines = true;
    } else if (argument == "--already-decrypted") {
      out.question.already_decrypted = true;
    } else if (argument == "-") {
      out.question.content.assign(std::istreambuf_iterator<char>(std::cin), {});
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
      out.question.content += argument + " ";
    }
  }
  return "";
}

std::string Text(const Json& json, int indent) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

// Keys alone are a question for a protocol that is text: what they derive.
bool HasContent(Question& question) {
  const Explainer* explainer = FindExplainer(question.protocol);
  const bool from_keys = explainer != nullptr && explainer->is_text && !question.keys.empty();
  if (question.content.empty() && from_keys) question.content = "{}";
  return !question.content.empty();
}

std::string ReadQuestion(const ProfileCatalogue& catalogue, const std::string& line,
                         Question& out) {
  const Json asked = Json::parse(line, nullptr, false);
  if (!asked.is_object()) return "a question must be a JSON object";
  for (const auto& [name, value] : asked.items()) {
    std::string fault;
    if (name == "already_decrypted" && value.is_boolean()) {
      out.already_decrypted = value.get<bool>();
    } else if (name == "keys" && value.is_object()) {
      for (const auto& [key, text] : value.items()) {
        if (!text.is_string()) return "keys." + key + " must be a text";
        out.keys[key] = text.get<std::string>();
      }
    } else if (!value.is_string()) {
      return name + " is not a field of a question, or not of its type";
    } else if (name == "content") {
      out.content = value.get<std::string>();
    } else if (name == "protocol") {
      fault = ReadProtocol(value.get<std::string>(), out);
    } else if (name == "direction") {
      fault = ReadDirection(value.get<std::string>(), out);
    } else if (name == "profile") {
      fault = ReadProfile(catalogue, value.get<std::string>(), out);
    } else {
      return name + " is not a field of a question, or not of its type";
    }
    if (!fault.empty()) return fault;
  }
  return HasContent(out) ? "" : "content is missing";
}

// A line that is no question is answered with its "error"; the exit code tells that there was one.
int AnswerLines(const ProfileCatalogue& catalogue, const Question& defaults) {
  int code = 0;
  for (std::string line; std::getline(std::cin, line);) {
    Question question = defaults;
    const std::string fault = ReadQuestion(catalogue, line, question);
    if (fault.empty()) {
      std::cout << Text(Explain(question).json, -1) << "\n";
    } else {
      std::cout << Text({{"valid", false}, {"error", fault}}, -1) << "\n";
      code = kBadUsage;
    }
  }
  return code;
}

int Run(const std::vector<std::string>& arguments) {
  Options options;
  const std::string fault = ReadArguments(arguments, options);
  if (!fault.empty()) return Refuse(fault);
  if (options.help) {
    std::cout << Usage();
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
  options.question.known = &catalogue.meters();
  if (options.list) {
    for (const MeterProfile& profile : catalogue.meters()) {
      std::cout << profile.id << "\t" << profile.vendor << "\t" << profile.model << "\n";
    }
    return 0;
  }
  if (!options.profile.empty()) {
    const std::string unknown = ReadProfile(catalogue, options.profile, options.question);
    if (!unknown.empty()) return Refuse(unknown);
  }
  if (options.lines) return AnswerLines(catalogue, options.question);
  if (!HasContent(options.question)) return Refuse("no frame given");
  const Explanation explanation = Explain(options.question);
  std::cout << Text(explanation.json, 2) << "\n";
  return explanation.valid ? 0 : kBadFrame;
}

}  // namespace
}  // namespace karez::protocols

int main(int argc, char** argv) { return karez::protocols::Run({argv + 1, argv + argc}); }
