// A service's App in-process over a database of its own, real Kafka with topics named per test, and
// callers with any permissions. Needs KAREZ_TEST_PG_URL and KAREZ_TEST_KAFKA: label service.
//
//   testing::Service service("billing", billing::Migrations(), clock);
//   billing::App app(service.host());
//   service.Start();
//   auto stub = service.Stub<pb::BillingService>();
//   auto answer = service.Call(service.Staff(2, {"billing.bill.read"}),
//                              &pb::BillingService::Stub::GetBill, request);  // Result<pb::Bill>
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <google/protobuf/message.h>
#include <grpcpp/grpcpp.h>

#include "libs/host/host.h"
#include "libs/rpc/status.h"
#include "libs/testing/database.h"

namespace karez::testing {

// An event as another service would publish it.
struct Published {
  std::string type;
  Uuid aggregate;
  std::int64_t version = 0;
  TenantId tenant = 0;
  std::string payload;
};

class Service {
 public:
  // Creates the topics <prefix><name>.v1 of all services, and frames.
  Service(const std::string& name, const std::vector<pg::Migration>& migrations,
          const Clock& clock);
  ~Service();

  host::Host& host() { return *host_; }
  Database& database() { return *database_; }
  void Start();  // host().Start(), which must succeed
  // Stops and makes a fresh Host on the same database and topics, as a restart would.
  host::Host& Restart();

  // A token for x-karez-token.
  std::string Staff(TenantId tenant, std::set<std::string, std::less<>> permissions,
                    std::vector<BranchId> branches = {}) const;

  // Calls an RPC with the token; a deadline of 10 s.
  template <class Stub, class Request, class Response>
  Result<Response> Call(const std::string& token,
                        grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                     Response*),
                        const Request& request) {
    Stub stub(Channel());
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
    if (!token.empty()) context.AddMetadata("x-karez-token", token);
    Response response;
    const auto status = (stub.*method)(&context, request, &response);
    if (!status.ok()) return tl::make_unexpected(rpc::FromStatus(status));
    return response;
  }
  std::shared_ptr<grpc::Channel> Channel();

  // Publishes an event of another service and returns when Kafka has it.
  void Publish(const std::string& service, TenantId tenant, const std::string& aggregate_type,
               const Uuid& aggregate, std::int64_t version, const google::protobuf::Message& event,
               const Uuid& event_id = Uuid::V7());
  // Everything this service has published so far, in order, read from Kafka after waiting until at
  // least `count` events of `type` are there (15 s at most).
  std::vector<Published> Await(const std::string& type, std::size_t count);

 private:
  std::unique_ptr<host::Host> MakeHost();

  std::string name_;
  const std::vector<pg::Migration>& migrations_;
  const Clock& clock_;
  std::unique_ptr<Database> database_;
  std::string directory_;  // keys and secrets
  std::string prefix_;
  std::unique_ptr<host::Host> host_;
  std::shared_ptr<grpc::Channel> channel_;
};

}  // namespace karez::testing
