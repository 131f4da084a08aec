#include "libs/protocols/explain/explain.h"

#include <algorithm>

#include "libs/protocols/explain/explainers.h"

namespace karez::protocols {
namespace {

constexpr Explainer kExplainers[] = {
    {.protocol = "cjt188", .title = "CJ/T 188", .explain = ExplainCjt188},
    {.protocol = "envelope", .title = "Karez terminal envelope", .explain = ExplainEnvelope},
};

// Bytes or text that the explainer can take; otherwise why not.
bool Prepare(const Explainer& explainer, const Question& question, std::vector<std::byte>& bytes,
             std::string& reason) {
  if (explainer.is_text) {
    if (Json::accept(question.content)) return true;
    reason = "json";
    return false;
  }
  if (ParseHex(question.content, bytes) && !bytes.empty()) return true;
  reason = "hex";
  return false;
}

Explanation ExplainAs(const Explainer& explainer, const Question& question) {
  std::vector<std::byte> bytes;
  std::string reason;
  Json json;
  if (Prepare(explainer, question, bytes, reason)) {
    json = explainer.explain(question, bytes);
  } else {
    json = {{"protocol", explainer.protocol}, {"valid", false}, {"reason", reason}};
  }
  const bool valid = json.at("valid").get<bool>();
  return {valid, std::move(json)};
}

bool Fits(const Explainer& explainer, const Question& question) {
  std::vector<std::byte> bytes;
  std::string reason;
  if (!Prepare(explainer, question, bytes, reason)) return false;
  if (explainer.fits != nullptr) return explainer.fits(question, bytes);
  return explainer.explain(question, bytes).at("valid").get<bool>();
}

Explanation Detect(const Question& question) {
  const Explainer* only = nullptr;
  Json fits = Json::array();
  for (const Explainer& explainer : kExplainers) {
    if (!Fits(explainer, question)) continue;
    only = fits.empty() ? &explainer : nullptr;
    fits.push_back(explainer.protocol);
  }
  if (only == nullptr) {
    const bool valid = !fits.empty();
    return {valid, {{"protocol", "auto"}, {"valid", valid}, {"fits", std::move(fits)}}};
  }
  Explanation explanation = ExplainAs(*only, question);
  explanation.json["fits"] = std::move(fits);
  return explanation;
}

}  // namespace

std::span<const Explainer> Explainers() { return kExplainers; }

const Explainer* FindExplainer(std::string_view protocol) {
  const auto found =
      std::find_if(std::begin(kExplainers), std::end(kExplainers),
                   [&](const Explainer& explainer) { return explainer.protocol == protocol; });
  return found == std::end(kExplainers) ? nullptr : &*found;
}

Explanation Explain(const Question& question) {
  if (question.protocol == "auto") return Detect(question);
  return ExplainAs(*FindExplainer(question.protocol), question);
}

Json ExplainMeterFrames(const MeterProfile& profile, Bytes bytes) {
  Question question;
  question.protocol = Name(profile.protocol);
  question.profile = &profile;
  return FindExplainer(question.protocol)->explain(question, bytes);
}

bool ParseHex(std::string_view text, std::vector<std::byte>& out) {
  out.clear();
  int high = -1;
  for (const char c : text) {
    int digit = -1;
    if (c >= '0' && c <= '9') {
      digit = c - '0';
    } else if (c >= 'A' && c <= 'F') {
      digit = c - 'A' + 10;
    } else if (c >= 'a' && c <= 'f') {
      digit = c - 'a' + 10;
    } else if (high < 0 && std::string_view(" \t\r\n:-,").find(c) != std::string_view::npos) {
      continue;
    } else {
      return false;
    }
    if (high < 0) {
      high = digit;
    } else {
      out.push_back(static_cast<std::byte>(high << 4 | digit));
      high = -1;
    }
  }
  return high < 0;
}

}  // namespace karez::protocols
