// Composition root: the one place that constructs billing's parts. Tests use it too.
#pragma once

#include <vector>

#include "libs/host/host.h"
#include "services/billing/api/billing_service.h"

namespace karez::billing {

// In order; the service is ready when all are applied.
const std::vector<pg::Migration>& Migrations();

class App final : public host::App {
 public:
  explicit App(host::Host& host);

 private:
  api::BillingService service_;
};

// The command `republish`: publishes every bill, payment and balance as it is. Returns the exit
// code.
int Republish(host::Host& host);

}  // namespace karez::billing
