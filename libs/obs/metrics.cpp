#include "libs/obs/metrics.h"

#include <map>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>
#include <vector>

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace karez::obs {
namespace {

const prometheus::Histogram::BucketBoundaries kSecondsBuckets = {
    0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};

std::map<std::string, std::string> ToMap(Labels labels) {
  std::map<std::string, std::string> out;
  for (const auto& [name, value] : labels) out.emplace(name, value);
  return out;
}

std::string CacheKey(const char* name, Labels labels) {
  std::string key = name;
  for (const auto& [label, value] : labels) {
    key += '\0';
    key += label;
    key += '\0';
    key += value;
  }
  return key;
}

// Finds the metric of a name and its labels; the registry's own lookup builds maps on each call.
template <class Metric>
class Known {
 public:
  template <class Make>
  Metric& Find(const char* name, Labels labels, Make make) {
    const std::string key = CacheKey(name, labels);
    {
      const std::shared_lock lock(mutex_);
      const auto found = metrics_.find(key);
      if (found != metrics_.end()) return *found->second;
    }
    const std::unique_lock lock(mutex_);
    const auto [entry, added] = metrics_.try_emplace(key, nullptr);
    if (added) entry->second = &make(ToMap(labels));
    return *entry->second;
  }

 private:
  std::shared_mutex mutex_;
  std::unordered_map<std::string, Metric*> metrics_;
};

struct Process {
  prometheus::Registry registry;
  Known<prometheus::Counter> counters;
  Known<prometheus::Gauge> gauges;
  Known<prometheus::Histogram> histograms;
  std::mutex refresh_mutex;
  std::vector<std::function<void()>> refresh;
};

// Never destroyed: threads may still count while the process ends.
Process& TheProcess() {
  static Process& process = *new Process;
  return process;
}

}  // namespace

void Count(const char* name, Labels labels, double by) {
  Process& process = TheProcess();
  process.counters
      .Find(name, labels,
            [&](const auto& all) -> prometheus::Counter& {
              return prometheus::BuildCounter().Name(name).Register(process.registry).Add(all);
            })
      .Increment(by);
}

void SetGauge(const char* name, double value, Labels labels) {
  Process& process = TheProcess();
  process.gauges
      .Find(name, labels,
            [&](const auto& all) -> prometheus::Gauge& {
              return prometheus::BuildGauge().Name(name).Register(process.registry).Add(all);
            })
      .Set(value);
}

void ObserveSeconds(const char* name, double seconds, Labels labels) {
  Process& process = TheProcess();
  process.histograms
      .Find(name, labels,
            [&](const auto& all) -> prometheus::Histogram& {
              return prometheus::BuildHistogram()
                  .Name(name)
                  .Register(process.registry)
                  .Add(all, kSecondsBuckets);
            })
      .Observe(seconds);
}

void OnScrape(std::function<void()> refresh) {
  Process& process = TheProcess();
  const std::lock_guard lock(process.refresh_mutex);
  process.refresh.push_back(std::move(refresh));
}

std::string ScrapeText() {
  Process& process = TheProcess();
  {
    const std::lock_guard lock(process.refresh_mutex);
    for (const auto& refresh : process.refresh) refresh();
  }
  return prometheus::TextSerializer().Serialize(process.registry.Collect());
}

}  // namespace karez::obs
