#include "services/gateway/config.h"

#include <algorithm>
#include <cstdio>

namespace karez::gateway {
namespace {

// "identity=127.0.0.1:9101,billing=127.0.0.1:9104"
std::map<std::string, std::string> ParseUpstreams(const std::string& text, Violations& bad) {
  std::map<std::string, std::string> upstreams;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    const std::string item = text.substr(begin, end - begin);
    const std::size_t equals = item.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == item.size() ||
        !upstreams.emplace(item.substr(0, equals), item.substr(equals + 1)).second) {
      bad.Add("KAREZ_UPSTREAMS", "Must list each service once: service=host:port,…");
      break;
    }
    begin = end + 1;
  }
  return upstreams;
}

// "100:200,1000:2000"
limits::ClassLimits ReadLimits(config::Reader& reader, const char* name, const char* help,
                               const char* fallback, Violations& bad) {
  limits::ClassLimits limits;
  const std::string text = reader.Text(name, help, fallback);
  int used = 0;
  const int found =
      std::sscanf(text.c_str(), "%lf:%d,%lf:%d%n", &limits.caller.per_second, &limits.caller.burst,
                  &limits.tenant.per_second, &limits.tenant.burst, &used);
  const auto sound = [](const limits::Rate& rate) {
    return rate.per_second >= 0.001 && rate.per_second <= 1e6 && rate.burst >= 1;
  };
  if (found != 4 || static_cast<std::size_t>(used) != text.size() || !sound(limits.caller) ||
      !sound(limits.tenant)) {
    bad.Add(name, "Must be per_second:burst of a caller, then of a tenant: 100:200,1000:2000");
  }
  return limits;
}

void ReadHttp(config::Reader& reader, Config& config) {
  config.http.listen = reader.Address("KAREZ_HTTP_LISTEN", "Where browsers and clients connect.");
  config.http.threads = static_cast<int>(
      reader.Integer("KAREZ_HTTP_THREADS", "Threads that serve connections.", 2, {1, 64}));
  config.http.connections_max = static_cast<int>(reader.Integer(
      "KAREZ_HTTP_CONNECTIONS_MAX", "Connections open at once.", 4096, {1, 1'000'000}));
  config.body_bytes_max = static_cast<std::size_t>(reader.Integer(
      "KAREZ_HTTP_BODY_BYTES_MAX", "Largest body of a call, in bytes.", 1 << 20, {1024, 64 << 20}));
  config.heavy_body_bytes_max = static_cast<std::size_t>(reader.Integer(
      "KAREZ_HTTP_HEAVY_BODY_BYTES_MAX", "Largest body of a heavy call (imports), in bytes.",
      16 << 20, {1024, 64 << 20}));
  config.proxies = static_cast<int>(reader.Integer(
      "KAREZ_HTTP_PROXIES",
      "Trusted proxies in front, each adding one X-Forwarded-For entry; 0 ignores the header.", 0,
      {0, 8}));
  config.drain_timeout = reader.Milliseconds(
      "KAREZ_DRAIN_TIMEOUT_MS", "How long running requests may take to end after SIGTERM.", 20'000,
      {0, 120'000});
}

}  // namespace

Result<Config> ReadConfig(config::Reader& reader) {
  Config config;
  Violations bad;
  ReadHttp(reader, config);
  config.metrics_listen =
      reader.Address("KAREZ_METRICS_LISTEN", "Where /metrics, /healthz and /readyz are served.");
  config.upstreams = ParseUpstreams(
      reader.Text("KAREZ_UPSTREAMS", "gRPC address of each service: identity=host:port,…"), bad);
  config.descriptors_file =
      reader.Text("KAREZ_DESCRIPTORS_FILE", "Descriptor set of the API (karez.binpb).");
  config.web_root = reader.Text("KAREZ_WEB_ROOT", "The built console; empty for none.", "");
  config.redis_url =
      reader.Text("KAREZ_REDIS_URL", "Redis that gateways share limits in; empty for none.", "");
  config.signing_key_file = reader.SecretFile(
      "KAREZ_SIGNING_KEY_FILE", "Ed25519 private key (PEM) that internal tokens are signed with.");
  config.trusted_keys_dir =
      reader.Text("KAREZ_TRUSTED_KEYS_DIR", "Directory of public keys, <issuer>.pem.");
  config.call_timeout =
      reader.Milliseconds("KAREZ_CALL_TIMEOUT_MS", "Time a call may take.", 3'000, {10, 600'000});
  config.heavy_timeout = reader.Milliseconds("KAREZ_HEAVY_TIMEOUT_MS",
                                             "Time a heavy call may take.", 30'000, {10, 600'000});
  config.limits.read =
      ReadLimits(reader, "KAREZ_RATE_READ", "Reads: per_second:burst of a caller, of a tenant.",
                 "100:200,1000:2000", bad);
  config.limits.write =
      ReadLimits(reader, "KAREZ_RATE_WRITE", "Changes: per_second:burst of a caller, of a tenant.",
                 "50:100,500:1000", bad);
  config.limits.heavy =
      ReadLimits(reader, "KAREZ_RATE_HEAVY",
                 "Heavy calls: per_second:burst of a caller, of a tenant.", "2:20,5:50", bad);
  config.limits.auth = ReadLimits(
      reader, "KAREZ_RATE_AUTH",
      "Sign-in and tokens: per_second:burst of a client address and caller, of a tenant.",
      "5:30,100:300", bad);
  config.log_level =
      obs::ParseLevel(reader.Text("KAREZ_LOG_LEVEL", "debug, info, warning or error.", "info"));
  if (const auto read = reader.Check(); !read) bad.Add("", read.error());
  RETURN_IF_ERROR(bad.Check());
  return config;
}

}  // namespace karez::gateway
