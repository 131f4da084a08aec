#include "services/metering/edge/run.h"

#include <csignal>
#include <cstdio>

#include "services/metering/edge/server.h"

namespace karez::metering::edge {
namespace {

int Complain(const Error& error) {
  std::fprintf(stderr, "%s\n", error.message.c_str());
  return 1;
}

}  // namespace

int Run(host::Host& host, const Config& config) {
  ServerOptions options;
  options.listen = config.edge_listen;
  options.edge_id = config.edge_id;
  options.brokers = host.config().brokers;
  options.topic = host.Topic("frames");
  options.max_connections = config.edge_max_connections;
  options.poll_timeout = config.edge_poll_timeout;
  Server server(options, host.pool(), host.tenants(), host.clock());
  if (const auto started = server.Start(); !started) return Complain(started.error());
  const auto listener = obs::OperatorListener::Start(host.config().metrics_listen,
                                                     [&server] { return server.NotReady(); });
  if (!listener) return Complain(listener.error());
  obs::Info("edge serving", {{"port", server.port()}, {"edge", options.edge_id}});
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  int signal = 0;
  sigwait(&signals, &signal);
  obs::Info("edge draining", {{"signal", signal}});
  server.Stop();
  obs::Info("edge stopped");
  return 0;
}

}  // namespace karez::metering::edge
