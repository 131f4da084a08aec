#include "services/accounts/app.h"

int main(int argc, char** argv) {
  using namespace karez;
  host::Program program;
  program.service = "accounts";
  program.migrations = &accounts::Migrations();
  program.make_app = [](host::Host& host) { return std::make_unique<accounts::App>(host); };
  return host::Main(argc, argv, program);
}
