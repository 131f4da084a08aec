#include "libs/rpc/server.h"

#include "libs/obs/metrics.h"
#include "libs/rpc/method.h"
#include "libs/rpc/workers.h"

namespace karez::rpc {
namespace {

constexpr int kMaxMessageBytes = 10 * 1024 * 1024;  // an import file of 8 MiB and its frame
constexpr auto kDrainTime = std::chrono::seconds(20);

}  // namespace

Server::Server(ServerOptions options, pg::Pool& pool, pg::TenantDirectory& tenants,
               std::shared_ptr<const auth::Verifier> verifier, const Clock& clock)
    : options_(std::move(options)),
      pool_(pool),
      tenants_(tenants),
      verifier_(std::move(verifier)),
      clock_(clock),
      workers_(std::make_unique<Workers>(options_.workers, options_.queue)),
      methods_(std::make_unique<Methods>()) {
  grpc::EnableDefaultHealthCheckService(true);
  builder_.SetMaxReceiveMessageSize(kMaxMessageBytes);
  builder_.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder_.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, 1000);
  builder_.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, 64 * 1024);
  builder_.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 10'000);
  builder_.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder_.AddListeningPort(options_.listen, grpc::InsecureServerCredentials(), &port_);
  obs::OnScrape([workers = std::weak_ptr<Workers>(workers_)] {
    if (const auto alive = workers.lock()) {
      obs::SetGauge("karez_rpc_queue_length", alive->queued());
    }
  });
}

Server::~Server() { Stop(); }

void Server::Register(grpc::Service* service, const std::string& full_name) {
  methods_->Add(full_name);
  builder_.RegisterService(service);
  registered_ = true;
}

Result<void> Server::Start() {
  if (!registered_) return {};  // a process without RPCs has nothing to listen for
  server_ = builder_.BuildAndStart();
  if (!server_ || port_ == 0) {
    server_.reset();
    return Fail(Code::kUnavailable, "ADDRESS_UNAVAILABLE",
                "Cannot listen on " + options_.listen + ". Is another process using it?");
  }
  return {};
}

void Server::Stop() {
  if (!server_) return;
  stopping_ = true;
  server_->GetHealthCheckService()->SetServingStatus(false);
  server_->Shutdown(std::chrono::system_clock::now() + kDrainTime);
  server_->Wait();
  server_.reset();
}

}  // namespace karez::rpc
