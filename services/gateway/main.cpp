#include <csignal>
#include <iostream>
#include <string>

#include "libs/obs/log.h"
#include "services/gateway/app.h"
#include "services/gateway/config.h"

namespace {

int Serve(const karez::gateway::Config& config) {
  // Signals are waited for below; threads inherit the mask.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);

  karez::obs::InitLog("gateway", config.log_level);
  const karez::SystemClock clock;
  const auto app = karez::gateway::App::Start(config, clock);
  if (!app) {
    karez::obs::Error("cannot start",
                      {{"reason", app.error().reason}, {"detail", app.error().message}});
    return 1;
  }
  karez::obs::Info("serving", {{"port", (*app)->port()}});
  int signal = 0;
  sigwait(&signals, &signal);
  karez::obs::Info("draining", {});
  (*app)->Stop();
  karez::obs::Info("stopped", {});
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string command = argc > 1 ? argv[1] : "serve";
  karez::config::Reader reader(karez::config::ProcessEnvironment());
  const auto config = karez::gateway::ReadConfig(reader);
  if (command == "config") {
    std::cout << reader.Describe();
    return 0;
  }
  if (command != "serve") {
    std::cerr << "usage: karez-gateway [serve|config]\n";
    return 2;
  }
  if (!config) {
    for (const auto& bad : config.error().violations) {
      std::cerr << bad.field << ": " << bad.description << "\n";
    }
    return 2;
  }
  return Serve(*config);
}
