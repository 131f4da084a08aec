#include "services/billing/app.h"

int main(int argc, char** argv) {
  using namespace karez;
  host::Program program;
  program.service = "billing";
  program.migrations = &billing::Migrations();
  program.make_app = [](host::Host& host) { return std::make_unique<billing::App>(host); };
  program.commands["republish"] = billing::Republish;
  return host::Main(argc, argv, program);
}
