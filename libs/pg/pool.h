// A bounded pool of connections to one database, and the two ways to run a transaction on it.
// Safe from any thread.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "libs/pg/failure.h"
#include "libs/pg/tx.h"

namespace karez::pg {

struct PoolOptions {
  std::string url;            // libpq URI without password
  std::string password_file;  // empty: none
  int size = 8;               // connections at most
  std::chrono::milliseconds acquire_timeout{2000};
  std::string application_name = "karez";
};

class Pool;

// A borrowed connection; goes back when destroyed. A connection that is not idle is closed instead.
class Lease {
 public:
  Lease(Pool& pool, std::unique_ptr<Connection> connection);
  ~Lease();
  Lease(Lease&&) noexcept;
  Connection& operator*() const { return *connection_; }

 private:
  Pool* pool_;
  std::unique_ptr<Connection> connection_;
};

class Pool {
 public:
  explicit Pool(PoolOptions options);
  ~Pool();

  // Throws Failure(kConnection) when none is free in time or the database cannot be reached.
  Lease Acquire();

  // Runs `work` in one transaction and commits when it succeeds; a refusal (Result error) rolls
  // back. Retries the whole of it when the database says so, three times at most, so `work` must
  // have no effect beside the transaction.
  template <class Fn>
  auto Transact(const TxOptions& options, Fn&& work) {
    using R = std::invoke_result_t<Fn, Tx&>;
    std::optional<R> out;
    RunTransaction(options, [&](Tx& tx) {
      out.emplace(work(tx));
      return out->has_value();
    });
    return *std::move(out);
  }
  // `work` says whether to commit.
  void RunTransaction(const TxOptions& options, const std::function<bool(Tx&)>& work);

  // SELECT 1 within a second.
  bool Healthy();
  int in_use() const;
  const PoolOptions& options() const { return options_; }

 private:
  friend class Lease;
  void Release(std::unique_ptr<Connection> connection);

  PoolOptions options_;
  mutable std::mutex mutex_;
  std::condition_variable freed_;
  std::vector<std::unique_ptr<Connection>> idle_;
  int open_ = 0;
};

}  // namespace karez::pg
