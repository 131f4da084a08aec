// Any text as a meter or terminal profile, and as anything to explain.
#include <string_view>

#include "libs/protocols/explain/explain.h"
#include "libs/protocols/profiles_json/catalogue.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace karez::protocols;  // NOLINT: a program of one function
  static const ProfileCatalogue built_in = ProfileCatalogue::BuiltIn();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  ProfileCatalogue catalogue;
  catalogue.AddMeter("fuzz", text);
  catalogue.AddTerminal("fuzz", text);
  Question question;
  question.content = text;
  question.known = &built_in.meters();
  for (const Explainer& explainer : Explainers()) {
    question.protocol = explainer.protocol;
    Explain(question);
  }
  return 0;
}
