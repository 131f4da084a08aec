// karez-verify: proves the invariants of an installation from its database. Reads only.
#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <optional>

#include "libs/config/config.h"
#include "tools/verify/journal.h"
#include "tools/verify/verify.h"

namespace karez::verify {
namespace {

constexpr const char* kUsage =
    "karez-verify [--settle-seconds N] [--journal FILE]\n"
    "Proves the invariants of an installation from its database; changes nothing.\n"
    "  --settle-seconds N  how long events may be on their way before it counts (0 to 3600; 30)\n"
    "  --journal FILE      the fleet's journal, to hold the readings against\n"
    "Exit code 0: everything holds; 1: something does not; 2: it could not be looked at.\n";

struct Options {
  std::chrono::seconds settle{30};
  std::string journal;
};

// Empty after saying what is wrong.
std::optional<Options> ReadArguments(int argc, char** argv) {
  Options out;
  for (int i = 1; i < argc; ++i) {
    const bool has_value = i + 1 < argc;
    if (std::strcmp(argv[i], "--settle-seconds") == 0 && has_value) {
      const std::string text = argv[++i];
      int seconds = -1;
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
      if (error == std::errc() && end == text.data() + text.size() && seconds >= 0 &&
          seconds <= 3600) {
        out.settle = std::chrono::seconds(seconds);
        continue;
      }
    } else if (std::strcmp(argv[i], "--journal") == 0 && has_value) {
      out.journal = argv[++i];
      continue;
    }
    std::fputs(kUsage, stderr);
    return std::nullopt;
  }
  return out;
}

std::vector<Proof> AllProofs() {
  std::vector<Proof> out;
  for (const auto& checks :
       {BillingChecks(), MeteringChecks(), ProjectionChecks(), DeliveryChecks(), AuditChecks()}) {
    for (const auto& check : checks) out.push_back(Prove(check));
  }
  return out;
}

int Run(int argc, char** argv) {
  const auto options = ReadArguments(argc, argv);
  if (!options) return 2;
  config::Reader reader(config::ProcessEnvironment());
  pg::PoolOptions database;
  database.url = reader.Text("KAREZ_VERIFY_DB_URL", "Database, libpq URI of role karez_verify.");
  database.password_file = reader.SecretFile("KAREZ_VERIFY_DB_PASSWORD_FILE", "Its password.", "");
  database.size = 1;
  database.application_name = "karez-verify";
  if (const auto good = reader.Check(); !good) {
    for (const auto& bad : good.error().violations) {
      std::fprintf(stderr, "%s: %s\n", bad.field.c_str(), bad.description.c_str());
    }
    return 2;
  }
  auto proofs = AllProofs();
  std::vector<JournalLine> journal;
  if (!options->journal.empty()) {
    auto lines = ReadJournal(options->journal);
    if (!lines) {
      std::fprintf(stderr, "%s\n", lines.error().message.c_str());
      return 2;
    }
    journal = *std::move(lines);
    proofs.push_back(ProveReadings(journal));
  }
  pg::Pool pool(database);
  const auto verdicts = Verify(pool, proofs, options->settle);
  std::ptrdiff_t broken = 0;
  for (const auto& verdict : verdicts) {
    std::fputs(Describe(verdict).c_str(), stdout);
    broken += verdict.findings.empty() ? 0 : 1;
  }
  if (broken > 0) {
    std::printf("%td of %zu invariants do not hold.\n", broken, verdicts.size());
    return 1;
  }
  std::printf("All %zu invariants hold.\n", verdicts.size());
  return 0;
}

}  // namespace
}  // namespace karez::verify

int main(int argc, char** argv) {
  try {
    return karez::verify::Run(argc, argv);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "The database could not be read: %s\n", e.what());
    return 2;
  }
}
