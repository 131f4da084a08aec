#include "services/metering/config.h"

namespace karez::metering {

Config ReadConfig(config::Reader& reader) {
  Config out;
  out.edge_listen =
      reader.Address("KAREZ_EDGE_LISTEN", "edge: where terminals connect, TCP.", "127.0.0.1:9310");
  out.edge_id = reader.Text(
      "KAREZ_EDGE_ID", "edge: name of this edge in the byte account, one a process.", "edge-1");
  out.edge_max_connections = static_cast<int>(reader.Integer(
      "KAREZ_EDGE_MAX_CONNECTIONS", "edge: connections at most.", 20'000, {1, 1'000'000}));
  out.edge_poll_timeout =
      reader.Milliseconds("KAREZ_EDGE_POLL_TIMEOUT_MS",
                          "edge: how long a polled meter may take to answer.", 5000, {50, 60'000});
  return out;
}

}  // namespace karez::metering
