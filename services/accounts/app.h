// Composition root: the one place that constructs accounts' parts. Tests use it too.
#pragma once

#include <vector>

#include "libs/host/host.h"
#include "libs/jobs/import.h"
#include "services/accounts/api/accounts_service.h"

namespace karez::accounts {

// In order; the service is ready when all are applied.
const std::vector<pg::Migration>& Migrations();

class App final : public host::App {
 public:
  explicit App(host::Host& host);

 private:
  karez::jobs::Imports imports_;
  api::AccountsService service_;
};

}  // namespace karez::accounts
