#include <csignal>
#include <cstdio>
#include <stdexcept>

#include "libs/host/host.h"

namespace karez::host {
namespace {

int Complain(const Error& error) {
  std::fprintf(stderr, "%s\n", error.message.c_str());
  for (const auto& [field, description] : error.violations) {
    std::fprintf(stderr, "  %s: %s\n", field.c_str(), description.c_str());
  }
  return 1;
}

int Usage(const Program& program) {
  std::printf(
      "karez-%s [command]\n"
      "  serve            run the service (the default)\n"
      "  migrate          bring the schema up to date, create partitions\n"
      "  config           print the configuration with its documentation\n"
      "  parked           list events that could not be applied\n"
      "  parked redrive   apply them again\n",
      program.service.c_str());
  for (const auto& [name, run] : program.commands) std::printf("  %s\n", name.c_str());
  return 2;
}

int RunMigrate(config::Reader& reader, const Program& program) {
  pg::MigrateOptions options;
  options.url = reader.Text("KAREZ_DB_MIGRATE_URL", "Database as the owner role, libpq URI.");
  options.password_file = reader.SecretFile("KAREZ_DB_MIGRATE_PASSWORD_FILE",
                                            "Password of the owner role; empty for none.", "");
  options.schema = program.service;
  if (const auto ok = reader.Check(); !ok) return Complain(ok.error());
  const auto report = pg::Migrate(options, *program.migrations, Zone().DateOf(SystemClock().Now()));
  if (!report) return Complain(report.error());
  for (const auto& name : report->applied) std::printf("applied %s\n", name.c_str());
  std::printf("%s: %zu migrations applied, %d partitions created\n", program.service.c_str(),
              report->applied.size(), report->partitions_created);
  return 0;
}

constexpr pg::Query kListParked{"host.list_parked", R"sql(
  SELECT id, consumer, topic, key, reason, attempts, first_at FROM parked_event ORDER BY id)sql"};

int RunParked(Host& host, bool redrive) {
  if (redrive) {
    std::printf("applied %d\n", host.consumer().Redrive());
  }
  int left = 0;
  host.pool().RunTransaction({}, [&](pg::Tx& tx) {
    left = 0;
    for (const auto& row : tx.Exec(kListParked)) {
      ++left;
      std::printf("%s %s %s key=%s attempts=%s: %s\n", row.Get<std::string>("first_at").c_str(),
                  row.Get<std::string>("consumer").c_str(), row.Get<std::string>("topic").c_str(),
                  row.Get<std::string>("key").c_str(), row.Get<std::string>("attempts").c_str(),
                  row.Get<std::string>("reason").c_str());
    }
    return false;
  });
  std::printf("parked %d\n", left);
  return left == 0 ? 0 : 1;
}

// Serves until SIGTERM or SIGINT, then drains.
int Serve(Host& host) {
  if (const auto started = host.Start(); !started) return Complain(started.error());
  obs::Info("serving", {{"port", host.server().port()}});
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  int signal = 0;
  sigwait(&signals, &signal);
  obs::Info("draining", {{"signal", signal}});
  host.Stop();
  obs::Info("stopped");
  return 0;
}

// Signals are taken by sigwait, so every thread must be born with them blocked.
void BlockSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

}  // namespace

int Main(int argc, char** argv, const Program& program) {
  BlockSignals();
  const std::string command = argc > 1 ? argv[1] : "serve";
  const std::string argument = argc > 2 ? argv[2] : "";
  config::Reader reader(config::ProcessEnvironment());
  try {
    if (command == "migrate") return RunMigrate(reader, program);
    const HostConfig host_config = ReadHostConfig(reader);
    program.configure(reader);
    if (command == "config") {
      std::printf("%s", reader.Describe().c_str());
      const auto ok = reader.Check();
      return ok ? 0 : Complain(ok.error());
    }
    const auto extra = program.commands.find(command);
    if (command != "serve" && command != "parked" && extra == program.commands.end()) {
      return Usage(program);
    }
    if (const auto ok = reader.Check(); !ok) return Complain(ok.error());
    obs::InitLog(program.service, host_config.log_level);
    const SystemClock clock;
    Host host(program.service, host_config, *program.migrations, clock);
    if (extra != program.commands.end()) return extra->second(host);
    const auto app = program.make_app(host);
    const int status = command == "parked" ? RunParked(host, argument == "redrive") : Serve(host);
    // What handlers of the app use must outlive the threads that call them.
    host.Stop();
    return status;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "karez-%s: %s\n", program.service.c_str(), e.what());
    return 1;
  }
}

}  // namespace karez::host
