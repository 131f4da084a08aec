#include "libs/pg/pool.h"

#include <random>
#include <thread>

#include "libs/pg/connection.h"

namespace karez::pg {
namespace {

constexpr int kAttempts = 4;  // the first and three more

void Backoff(int attempt) {
  thread_local std::minstd_rand random(std::random_device{}());
  const int ms = std::uniform_int_distribution(5, 20)(random) << attempt;
  std::this_thread::sleep_for(std::chrono::milliseconds(ms));
}

}  // namespace

Lease::Lease(Pool& pool, std::unique_ptr<Connection> connection)
    : pool_(&pool), connection_(std::move(connection)) {}
Lease::Lease(Lease&&) noexcept = default;
Lease::~Lease() {
  if (connection_) pool_->Release(std::move(connection_));
}

Pool::Pool(PoolOptions options) : options_(std::move(options)) {}
Pool::~Pool() = default;

Lease Pool::Acquire() {
  {
    std::unique_lock lock(mutex_);
    if (!freed_.wait_for(lock, options_.acquire_timeout,
                         [this] { return !idle_.empty() || open_ < options_.size; })) {
      throw Failure(FailureKind::kConnection, "53300", "", "No database connection is free.");
    }
    if (!idle_.empty()) {
      auto connection = std::move(idle_.back());
      idle_.pop_back();
      return {*this, std::move(connection)};
    }
    ++open_;
  }
  std::unique_ptr<Connection> connection;
  try {
    Translate([&] {
      connection = std::make_unique<Connection>(options_.url, options_.password_file,
                                                options_.application_name);
    });
  } catch (...) {
    Release(nullptr);
    throw;
  }
  return {*this, std::move(connection)};
}

void Pool::Release(std::unique_ptr<Connection> connection) {
  const std::lock_guard lock(mutex_);
  if (connection && connection->usable()) {
    idle_.push_back(std::move(connection));
  } else {
    --open_;
  }
  freed_.notify_one();
}

void Pool::RunTransaction(const TxOptions& options, const std::function<bool(Tx&)>& work) {
  for (int attempt = 1;; ++attempt) {
    try {
      const Lease lease = Acquire();
      Tx tx(*lease, options);
      if (work(tx)) tx.Commit();
      return;
    } catch (const Failure& failure) {
      if (!failure.retryable() || attempt == kAttempts) throw;
    }
    Backoff(attempt);
  }
}

bool Pool::Healthy() {
  static constexpr Query kPing{"pg.ping", "SELECT 1 AS one"};
  try {
    const Lease lease = Acquire();
    Tx tx(*lease, {.tenant = {}, .statement_timeout = std::chrono::seconds(1)});
    return tx.Exec(kPing).size() == 1;
  } catch (const Failure&) {
    return false;
  }
}

int Pool::in_use() const {
  const std::lock_guard lock(mutex_);
  return open_ - static_cast<int>(idle_.size());
}

}  // namespace karez::pg
