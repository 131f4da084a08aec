#include "services/metering/edge/server.h"

#include <boost/asio/post.hpp>

#include "libs/obs/log.h"
#include "libs/obs/metrics.h"

namespace karez::metering::edge {
namespace {

namespace net = boost::asio;
using net::ip::tcp;
using std::chrono::steady_clock;

constexpr std::chrono::milliseconds kTick{100};
constexpr std::chrono::seconds kSavePeriod{1};
constexpr std::chrono::seconds kDrainPatience{10};
// Registrations that may wait for the database; more are told to come back.
constexpr int kMaxLooking = 2000;
// How often a contact is written while nothing else changes.
constexpr Duration kContactPeriod = std::chrono::seconds(10);

}  // namespace

Server::Server(ServerOptions options, pg::Pool& pool, pg::TenantDirectory& tenants,
               const Clock& clock)
    : options_(std::move(options)),
      pool_(pool),
      tenants_(tenants),
      clock_(clock),
      sink_(io_, options_.brokers, options_.topic) {}

Server::~Server() { Stop(); }

Result<void> Server::Start() {
  RETURN_IF_ERROR(sink_.Open());
  const auto colon = options_.listen.rfind(':');
  boost::system::error_code error;
  const auto address = net::ip::make_address(options_.listen.substr(0, colon), error);
  const auto port = static_cast<std::uint16_t>(std::atoi(options_.listen.c_str() + colon + 1));
  if (!error) {
    const tcp::endpoint endpoint(address, port);
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(net::socket_base::max_listen_connections, error);
  }
  if (error) {
    return Fail(Code::kUnavailable, "ADDRESS_UNAVAILABLE",
                "Cannot listen on " + options_.listen + ": " + error.message());
  }
  port_ = acceptor_.local_endpoint().port();
  for (const auto& tenant : tenants_.Active()) {
    pool_.RunTransaction({.tenant = tenant->id}, [&](pg::Tx& tx) {
      store::ForgetContacts(tx, tenant->id, options_.edge_id);
      return true;
    });
  }
  Accept();
  Tick();
  thread_ = std::thread([this] { io_.run(); });
  return {};
}

void Server::Stop() {
  if (!thread_.joinable()) return;
  net::post(io_, [this] { Drain(); });
  thread_.join();
  database_.join();
  if (!Save(Snapshot(), TakeContacts(true))) {
    obs::Error("the last second of the byte account could not be written");
  }
}

std::string Server::NotReady() {
  return sink_.Healthy() ? std::string() : "Kafka is not reachable";
}

void Server::Accept() {
  acceptor_.async_accept([this](const boost::system::error_code& error, tcp::socket socket) {
    if (error == net::error::operation_aborted || draining_) return;
    if (error) {
      // Out of descriptors, mostly: the next tick tries again.
      obs::Warning("connection not accepted", {{"error", error.message()}});
      return;
    }
    if (connections_.size() >= static_cast<std::size_t>(options_.max_connections)) {
      obs::Count("karez_edge_refused_total", {{"reason", "too_many_connections"}});
    } else {
      boost::system::error_code ignored;
      socket.set_option(tcp::no_delay(true), ignored);
      socket.set_option(net::socket_base::keep_alive(true), ignored);
      ++accepted_;
      const auto connection = std::make_shared<Connection>(*this, std::move(socket));
      connections_.insert(connection);
      connection->Start();
    }
    Accept();
  });
}

void Server::Look(domain::Terminal::Kind kind, const std::string& number,
                  std::function<void(const Result<KnownTerminal>&)> then) {
  if (looking_ >= kMaxLooking) {
    net::post(io_, [then = std::move(then)] {
      then(Fail(Code::kUnavailable, "BUSY", "Too many terminals register at once."));
    });
    return;
  }
  ++looking_;
  net::post(database_, [this, kind, number, then = std::move(then)]() mutable {
    auto known = directory_.Find(kind, number);
    net::post(io_, [this, known = std::move(known), then = std::move(then)] {
      --looking_;
      then(known);
    });
  });
}

void Server::Registered(const std::shared_ptr<Connection>& connection) {
  const auto& known = *connection->terminal();
  auto& place = registered_[known.terminal.id];
  const auto older = place.lock();
  place = connection;
  if (older && older != connection) older->Close();
  auto& state = contacts_[known.terminal.id];
  state.tenant = known.tenant;
  state.contact = {known.terminal.id, true, Now()};
  state.changed = true;
}

void Server::Seen(const KnownTerminal& known) {
  auto& state = contacts_[known.terminal.id];
  state.contact.at = Now();
  if (state.contact.at - state.saved >= kContactPeriod) state.changed = true;
}

void Server::Gone(const std::shared_ptr<Connection>& connection) {
  connections_.erase(connection);
  if (!connection->terminal()) return;
  const auto id = connection->terminal()->terminal.id;
  const auto place = registered_.find(id);
  if (place == registered_.end() || place->second.lock() != connection) return;
  registered_.erase(place);
  auto& state = contacts_[id];
  state.contact.connected = false;
  state.changed = true;
}

void Server::Tick() {
  const auto now = steady_clock::now();
  // A connection may close itself and so leave the set.
  const std::vector<std::shared_ptr<Connection>> all(connections_.begin(), connections_.end());
  for (const auto& connection : all) connection->Tick(now);
  sink_.Mend();
  if (draining_ && (connections_.empty() || now >= drain_until_)) {
    for (const auto& connection : all) connection->Close();
    io_.stop();
    return;
  }
  if (now >= next_save_ && !saving_) {
    next_save_ = now + kSavePeriod;
    SaveSoon();
  }
  timer_.expires_after(kTick);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) Tick();
  });
}

store::EdgeAccount Server::Snapshot() const {
  return {options_.edge_id, account_, accepted_, Now()};
}

Server::Contacts Server::TakeContacts(bool all) {
  Contacts out;
  for (auto state = contacts_.begin(); state != contacts_.end();) {
    if (all) state->second.contact.connected = false;
    if (all || state->second.changed) {
      out[state->second.tenant].push_back(state->second.contact);
      state->second.changed = false;
      state->second.saved = Now();
    }
    state = state->second.contact.connected ? std::next(state) : contacts_.erase(state);
  }
  return out;
}

bool Server::Save(const store::EdgeAccount& account, const Contacts& contacts) {
  try {
    pool_.RunTransaction({}, [&](pg::Tx& tx) {
      store::SaveEdgeAccount(tx, run_id_, account);
      return true;
    });
    for (const auto& [tenant, seen] : contacts) {
      pool_.RunTransaction({.tenant = tenant}, [&, t = tenant](pg::Tx& tx) {
        store::SaveContacts(tx, t, options_.edge_id, contacts.at(t));
        return true;
      });
    }
    return true;
  } catch (const pg::Failure& failure) {
    obs::Warning("byte account not written", {{"sqlstate", failure.sqlstate()}});
    return false;
  }
}

// The totals are absolute, so one that is lost is made good by the next; contacts are kept until
// they are written.
void Server::SaveSoon() {
  CountBytes();
  saving_ = true;
  net::post(database_, [this, account = Snapshot(), contacts = TakeContacts(false)] {
    const bool saved = Save(account, contacts);
    net::post(io_, [this, saved, contacts] {
      saving_ = false;
      if (saved) return;
      for (const auto& [tenant, seen] : contacts) {
        for (const auto& contact : seen) {
          contacts_.try_emplace(contact.terminal_id, ContactState{tenant, contact, {}, true})
              .first->second.changed = true;
        }
      }
    });
  });
}

void Server::CountBytes() {
  const auto count = [](const char* kind, std::int64_t by) {
    obs::Count("karez_edge_bytes_total", {{"kind", kind}}, static_cast<double>(by));
  };
  count("frame", account_.frame_bytes - counted_.frame_bytes);
  count("garbage", account_.garbage_bytes - counted_.garbage_bytes);
  count("envelope", account_.envelope_bytes - counted_.envelope_bytes);
  count("unregistered", account_.unregistered_bytes - counted_.unregistered_bytes);
  obs::Count("karez_edge_frames_total", {}, static_cast<double>(account_.frames - counted_.frames));
  obs::Count("karez_edge_checksum_failures_total", {},
             static_cast<double>(account_.checksum_failures - counted_.checksum_failures));
  obs::SetGauge("karez_edge_connections", static_cast<double>(connections_.size()));
  counted_ = account_;
}

void Server::Drain() {
  draining_ = true;
  drain_until_ = steady_clock::now() + kDrainPatience;
  boost::system::error_code ignored;
  acceptor_.close(ignored);
  for (const auto& connection : connections_) connection->Drain();
}

}  // namespace karez::metering::edge
