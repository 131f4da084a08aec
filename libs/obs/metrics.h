// Counters, gauges and histograms of this process, scraped from the metrics listener. Names carry
// their unit (`karez_outbox_oldest_age_seconds`); labels are bounded: never a tenant, an id, a
// path. A metric is created on first use and lives as long as the process. Safe from any thread.
#pragma once

#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace karez::obs {

using Labels = std::initializer_list<std::pair<const char*, std::string_view>>;

void Count(const char* name, Labels labels = {}, double by = 1);
void SetGauge(const char* name, double value, Labels labels = {});
// Time in seconds, buckets from 0.25 ms to 10 s.
void ObserveSeconds(const char* name, double seconds, Labels labels = {});
// Called at each scrape, before the values are read: for gauges that must be asked for.
void OnScrape(std::function<void()> refresh);

// All metrics in Prometheus' text form.
std::string ScrapeText();

}  // namespace karez::obs
