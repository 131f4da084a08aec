// Tells gateways which sessions were revoked. One thread polls the table that all identity
// processes write and hands what is new to every open stream; it also ends the streams when the
// server stops. Safe from any thread.
#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "karez/identity/v1/identity.grpc.pb.h"

#include "libs/base/context.h"
#include "libs/pg/pool.h"
#include "libs/rpc/server.h"

namespace karez::identity::api {

class RevocationFeed {
 public:
  RevocationFeed(pg::Pool& pool, const rpc::Server& server, const Clock& clock);
  ~RevocationFeed();

  void Start();
  // A stream for the caller; one that ends at once when he was refused. The reactor deletes itself.
  grpc::ServerWriteReactor<v1::Revocations>* Watch(const Result<Context>& caller);

 private:
  class Stream;

  void Run();
  void Poll();
  void EndAll();
  void Remove(Stream* stream);

  pg::Pool& pool_;
  const rpc::Server& server_;
  const Clock& clock_;

  std::mutex mutex_;
  std::condition_variable stopping_;
  bool stop_ = false;
  std::map<std::string, std::chrono::steady_clock::time_point> known_;  // since when
  std::set<Stream*> streams_;
  std::thread thread_;
};

}  // namespace karez::identity::api
