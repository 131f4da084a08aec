// One connection with its prepared statements. Inside libs/pg only, and for who needs a session of
// its own (advisory locks, LISTEN). Not safe across threads.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <set>
#include <string>

#include <pqxx/pqxx>

#include "libs/pg/tx.h"

namespace karez::pg {

class Connection {
 public:
  // Throws Failure(kConnection).
  Connection(const std::string& url, const std::string& password_file,
             const std::string& application_name);

  pqxx::connection& raw() { return connection_; }
  bool usable() const { return connection_.is_open(); }
  // The database is the coordinator of a Citus cluster.
  bool on_citus() const { return on_citus_; }
  // Prepares the statement once.
  void Prepare(const Query& query);
  // Session-level advisory lock on a name; true when it was free.
  bool TryLock(const std::string& name);
  // False when the session, and with it its locks, is gone.
  bool Ping();
  // Waits for a notification on `channel` (LISTEN is sent once) or the timeout.
  void Wait(const std::string& channel, std::chrono::milliseconds timeout);

 private:
  pqxx::connection connection_;
  bool on_citus_ = false;
  std::set<std::string> prepared_;
  std::set<std::string> listening_;
  std::vector<std::unique_ptr<pqxx::notification_receiver>> receivers_;
};

// Runs `work` and turns libpqxx's exceptions into Failure.
void Translate(const std::function<void()>& work);

// The libpq connection string with the password from the file.
std::string WithPassword(const std::string& url, const std::string& password_file);

}  // namespace karez::pg
