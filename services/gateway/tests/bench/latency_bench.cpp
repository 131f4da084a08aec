// What the gateway adds to a call: the same read by direct gRPC and as HTTP through the gateway, in
// one process on one machine, one at a time and from 32 connections. Prints the ratio too, because
// the absolute numbers belong to the machine.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <thread>
#include <vector>

#include "libs/testing/eventually.h"
#include "services/gateway/tests/client.h"
#include "services/gateway/tests/world.h"

namespace karez::gateway {
namespace {

using Clock = std::chrono::steady_clock;

struct Times {
  double p50_us = 0;
  double p99_us = 0;
  double per_second = 0;
};

// `make` gives each worker its call.
Times Measure(int workers, int calls, const std::function<std::function<void()>()>& make) {
  std::vector<std::vector<double>> taken(static_cast<std::size_t>(workers));
  std::vector<std::thread> threads;
  const auto begin = Clock::now();
  for (auto& mine : taken) {
    threads.emplace_back([&mine, calls, call = make()] {
      for (int i = 0; i < calls; ++i) {
        const auto start = Clock::now();
        call();
        mine.push_back(std::chrono::duration<double, std::micro>(Clock::now() - start).count());
      }
    });
  }
  for (auto& thread : threads) thread.join();
  const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  std::vector<double> all;
  for (const auto& mine : taken) all.insert(all.end(), mine.begin(), mine.end());
  std::sort(all.begin(), all.end());
  return {all[all.size() / 2], all[all.size() * 99 / 100],
          static_cast<double>(all.size()) / seconds};
}

void Print(const char* what, const Times& direct, const Times& gateway) {
  std::printf(
      "%-22s direct p50 %6.0f us p99 %6.0f us %7.0f/s | gateway p50 %6.0f us p99 %6.0f us "
      "%7.0f/s | added p50 %5.0f us, x%.2f\n",
      what, direct.p50_us, direct.p99_us, direct.per_second, gateway.p50_us, gateway.p99_us,
      gateway.per_second, gateway.p50_us - direct.p50_us, gateway.p50_us / direct.p50_us);
}

int Run() {
  World world([](Config& config) {
    config.limits.read = {.caller = {.per_second = 1e6, .burst = 1'000'000},
                          .tenant = {.per_second = 1e6, .burst = 1'000'000}};
  });
  const std::string bearer = world.Bearer();
  if (!testing::Eventually([&] {
        return Client(world.port())
                   .Send("GET", "/v1/things/7", {{"Authorization", bearer}})
                   .status == 200;
      })) {
    return 1;
  }
  const auto channel = grpc::CreateChannel("127.0.0.1:" + std::to_string(world.probe_port()),
                                           grpc::InsecureChannelCredentials());
  const auto direct = [&]() -> std::function<void()> {
    return [stub = std::shared_ptr(probe::v1::ProbeService::NewStub(channel))] {
      grpc::ClientContext context;
      probe::v1::GetThingRequest request;
      probe::v1::Thing thing;
      request.set_thing_id("7");
      if (!stub->GetThing(&context, request, &thing).ok()) std::abort();
    };
  };
  const auto gateway = [&]() -> std::function<void()> {
    return [client = std::make_shared<Client>(world.port()), bearer] {
      if (client->Send("GET", "/v1/things/7", {{"Authorization", bearer}}).status != 200) {
        std::abort();
      }
    };
  };
  Measure(1, 500, direct);
  Measure(1, 500, gateway);
  const Times one_direct = Measure(1, 5'000, direct);
  Print("one at a time", one_direct, Measure(1, 5'000, gateway));
  const Times many_direct = Measure(32, 500, direct);
  Print("32 connections", many_direct, Measure(32, 500, gateway));
  return 0;
}

}  // namespace
}  // namespace karez::gateway

int main() { return karez::gateway::Run(); }
