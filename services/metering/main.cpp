#include "services/metering/app.h"
#include "services/metering/config.h"
#include "services/metering/edge/run.h"

int main(int argc, char** argv) {
  using namespace karez;
  metering::Config config;
  host::Program program;
  program.service = "metering";
  program.migrations = &metering::Migrations();
  program.configure = [&](config::Reader& reader) { config = metering::ReadConfig(reader); };
  program.make_app = [](host::Host& host) { return std::make_unique<metering::App>(host); };
  program.commands["edge"] = [&](host::Host& host) { return metering::edge::Run(host, config); };
  return host::Main(argc, argv, program);
}
