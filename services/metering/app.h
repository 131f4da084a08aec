// The composition root of `karez-metering serve`: the one place that constructs things; tests use
// it.
#pragma once

#include "libs/host/host.h"
#include "libs/jobs/import.h"
#include "libs/protocols/profiles_json/catalogue.h"
#include "services/metering/api/metering_service.h"

namespace karez::metering {

const std::vector<pg::Migration>& Migrations();

class App final : public host::App {
 public:
  explicit App(host::Host& host);

 private:
  protocols::ProfileCatalogue profiles_;
  karez::jobs::Imports imports_;
  api::MeteringService service_;
};

}  // namespace karez::metering
