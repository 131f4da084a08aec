#include "services/identity/app.h"

int main(int argc, char** argv) {
  using namespace karez;
  identity::Config config;
  host::Program program;
  program.service = "identity";
  program.migrations = &identity::Migrations();
  program.configure = [&](config::Reader& reader) { config = identity::ReadConfig(reader); };
  program.make_app = [&](host::Host& host) {
    return std::make_unique<identity::App>(host, config);
  };
  program.commands["bootstrap"] = [&](host::Host& host) {
    return identity::Bootstrap(host, config);
  };
  program.commands["republish"] = [](host::Host& host) { return identity::Republish(host); };
  return host::Main(argc, argv, program);
}
