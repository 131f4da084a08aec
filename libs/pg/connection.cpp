#include "libs/pg/connection.h"

#include <fstream>
#include <stdexcept>

#include "libs/pg/failure.h"

namespace karez::pg {
namespace {

// Text of an error without DETAIL, which may quote values of rows.
std::string FirstLine(const std::string& text) { return text.substr(0, text.find('\n')); }

// "… violates unique constraint "bill_number"": the last quoted word of the first line.
std::string ConstraintName(const std::string& text) {
  const std::string line = FirstLine(text);
  const auto end = line.rfind('"');
  if (end == std::string::npos || end == 0) return {};
  const auto begin = line.rfind('"', end - 1);
  return begin == std::string::npos ? std::string() : line.substr(begin + 1, end - begin - 1);
}

// Nobody reads the payload: being woken is the message.
class Wake final : public pqxx::notification_receiver {
 public:
  using notification_receiver::notification_receiver;
  void operator()(const std::string&, int) override {}
};

}  // namespace

std::string WithPassword(const std::string& url, const std::string& password_file) {
  if (password_file.empty()) return url;
  std::ifstream in(password_file);
  std::string password;
  if (!std::getline(in, password) || password.empty()) {
    throw Failure(FailureKind::kOther, "", "",
                  "The database password file " + password_file + " cannot be read.");
  }
  std::string escaped;
  for (const char c : password) {
    static constexpr char kHex[] = "0123456789ABCDEF";
    const auto byte = static_cast<unsigned char>(c);
    escaped += {'%', kHex[byte >> 4], kHex[byte & 15]};
  }
  return url + (url.find('?') == std::string::npos ? "?" : "&") + "password=" + escaped;
}

namespace {

// libpqxx 6.4 gives some classes of error a type of their own and drops their SQLSTATE.
std::string SqlState(const pqxx::sql_error& e) {
  if (!e.sqlstate().empty()) return e.sqlstate();
  if (dynamic_cast<const pqxx::unique_violation*>(&e) != nullptr) return "23505";
  if (dynamic_cast<const pqxx::foreign_key_violation*>(&e) != nullptr) return "23503";
  if (dynamic_cast<const pqxx::check_violation*>(&e) != nullptr) return "23514";
  if (dynamic_cast<const pqxx::not_null_violation*>(&e) != nullptr) return "23502";
  if (dynamic_cast<const pqxx::insufficient_privilege*>(&e) != nullptr) return "42501";
  return "";
}

}  // namespace

void Translate(const std::function<void()>& work) {
  try {
    work();
  } catch (const Failure&) {
    throw;
  } catch (const pqxx::broken_connection& e) {
    throw Failure(FailureKind::kConnection, "08006", "", FirstLine(e.what()));
  } catch (const pqxx::deadlock_detected& e) {
    throw Failure(FailureKind::kRetryable, "40P01", "", FirstLine(e.what()));
  } catch (const pqxx::transaction_rollback& e) {
    throw Failure(FailureKind::kRetryable, "40001", "", FirstLine(e.what()));
  } catch (const pqxx::sql_error& e) {
    const std::string sqlstate = SqlState(e);
    throw Failure(ClassifySqlState(sqlstate), sqlstate, ConstraintName(e.what()),
                  FirstLine(e.what()));
  }
}

namespace {

std::string SessionOptions(const std::string& url, const std::string& password_file,
                           const std::string& application_name) {
  const std::string full = WithPassword(url, password_file);
  return full + (full.find('?') == std::string::npos ? "?" : "&") +
         "application_name=" + application_name +
         "&connect_timeout=3&keepalives_idle=10&keepalives_interval=5&keepalives_count=3"
         "&tcp_user_timeout=20000&options=-c%20TimeZone%3DUTC%20-c%20DateStyle%3DISO";
}

}  // namespace

Connection::Connection(const std::string& url, const std::string& password_file,
                       const std::string& application_name)
    : connection_(SessionOptions(url, password_file, application_name)) {
  pqxx::nontransaction session(connection_);
  on_citus_ = session.exec1("SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'citus')")[0]
                  .as<bool>();
}

void Connection::Prepare(const Query& query) {
  if (prepared_.insert(query.name).second) connection_.prepare(query.name, query.sql);
}

bool Connection::TryLock(const std::string& name) {
  bool locked = false;
  Translate([&] {
    pqxx::nontransaction session(connection_);
    locked = session.exec_params1("SELECT pg_try_advisory_lock(hashtextextended($1, 0))", name)[0]
                 .as<bool>();
  });
  return locked;
}

bool Connection::Ping() {
  try {
    pqxx::nontransaction session(connection_);
    session.exec1("SELECT 1");
    return true;
  } catch (const std::exception&) {
    return false;
  }
}

void Connection::Wait(const std::string& channel, std::chrono::milliseconds timeout) {
  Translate([&] {
    if (listening_.insert(channel).second) {
      receivers_.push_back(std::make_unique<Wake>(connection_, channel));
    }
    connection_.await_notification(static_cast<long>(timeout.count() / 1000),
                                   static_cast<long>(timeout.count() % 1000 * 1000));
  });
}

}  // namespace karez::pg
