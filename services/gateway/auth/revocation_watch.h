// Follows identity's stream of ended sessions for as long as it lives, reconnecting within a
// second.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include <grpcpp/grpcpp.h>

#include "libs/base/time.h"
#include "services/gateway/auth/revoked_sessions.h"

namespace karez::gateway::auth {

class RevocationWatch {
 public:
  // `token` makes the token that identity asks for. `revoked` and `clock` must outlive this object.
  RevocationWatch(std::shared_ptr<grpc::Channel> channel, std::function<std::string()> token,
                  RevokedSessions& revoked, const Clock& clock);
  // Ends the stream.
  ~RevocationWatch();

 private:
  void Run();
  // Reads one stream to its end.
  void Follow();

  const std::shared_ptr<grpc::Channel> channel_;
  const std::function<std::string()> token_;
  RevokedSessions& revoked_;
  const Clock& clock_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  grpc::ClientContext* running_ = nullptr;
  std::thread thread_;
};

}  // namespace karez::gateway::auth
