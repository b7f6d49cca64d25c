// Whatever arrives in whatever order and batches, the store holds what a plain map would hold.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>

#include "frames.hpp"
#include "number.hpp"

namespace mj::telemetry::test {
namespace {

struct Sent {
  int device;
  int minute;
  int factor;
  int value;
};

struct Version {
  std::string text;
  std::uint32_t revision;
};
using Model = std::map<std::tuple<int, int, int>, std::vector<Version>>;

void remember(Model& model, const Sent& sent) {
  auto& versions = model[{sent.device, sent.minute, sent.factor}];
  const std::string text = fmt::format("{}.5", sent.value);
  if (!versions.empty() && versions.back().text == text) return;
  versions.push_back(Version{text, static_cast<std::uint32_t>(versions.size())});
}

rc::Gen<Sent> any_sent() {
  return rc::gen::build<Sent>(
      rc::gen::set(&Sent::device, rc::gen::inRange(0, 2)), rc::gen::set(&Sent::minute, rc::gen::inRange(0, 6)),
      rc::gen::set(&Sent::factor, rc::gen::inRange(0, 3)), rc::gen::set(&Sent::value, rc::gen::inRange(0, 3)));
}

RC_GTEST_PROP(Derivation, HoldsWhatAMapWouldHoldWhateverTheBatches, ()) {
  const std::vector<Sent> sent = *rc::gen::container<std::vector<Sent>>(any_sent());
  const std::size_t batch = *rc::gen::inRange<std::size_t>(1, 20);
  const std::size_t settle_every = *rc::gen::inRange<std::size_t>(1, 30);
  TemporaryFolder folder;
  const registry::Network network = network_of({kMn, kMn2});
  const auto log = open_log(folder.path());
  Model model;
  for (const Sent& one : sent) {
    const char* mn = one.device == 0 ? kMn : kMn2;
    append(*log, mn,
           upload(mn, "2051", fmt::format("2026030112{:02}00", one.minute),
                  fmt::format("f{}-Avg={}.5", one.factor, one.value)));
    remember(model, one);
  }
  StoreOptions options;
  options.max_batch_entries = batch;
  options.settle_rows = settle_every;
  const auto store = *Store::open(folder.path() / "a", network, plain_register(), options);
  consume_all(*store, *log);
  RC_ASSERT(store->ledger(log->size()).balanced());

  for (const auto& [key, versions] : model) {
    const auto [device, minute, factor] = key;
    const SeriesKey series{device == 0 ? kMn : kMn2, "32", "2051", fmt::format("f{}", factor), "Avg"};
    const auto stored = *store->revisions(series, *parse_iso(fmt::format("2026-03-01 12:{:02}", minute)));
    RC_ASSERT(stored.size() == versions.size());
    for (std::size_t i = 0; i < versions.size(); ++i) {
      RC_ASSERT(stored[i].text == versions[i].text);
      RC_ASSERT(stored[i].revision == versions[i].revision);
    }
  }
  std::size_t current = 0;
  for (const Latest& latest : store->latest_all()) {
    current += store->read(query_of(latest.key.device, latest.key.factor, latest.key.kind))->observations.size();
  }
  RC_ASSERT(current == model.size());

  // One big batch gives the same digest as many small ones.
  const auto other = *Store::open(folder.path() / "b", network, plain_register(), StoreOptions{});
  consume_all(*other, *log);
  RC_ASSERT(*other->digest() == *store->digest());
}

RC_GTEST_PROP(StoredNumber, GivesTheReceivedTextBack, ()) {
  const std::string text =
      *rc::gen::container<std::string>(rc::gen::element('0', '1', '5', '9', '.', '-', '+', ' ', 'e'));
  const StoredNumber stored = read_number(text);
  if (!stored.keep_text) RC_ASSERT(number_text(*stored.number, stored.decimals) == text);
}

RC_GTEST_PROP(StoredNumber, NeedsNoTextBesideOrdinaryDecimals, ()) {
  const auto mantissa = *rc::gen::inRange<std::int64_t>(1, 999'999'999'999);
  const auto decimals = *rc::gen::inRange(0, 5);
  const std::string text = fmt::format("{:.{}f}", static_cast<double>(mantissa) / 100000, decimals);
  const StoredNumber stored = read_number(text);
  RC_ASSERT(!stored.keep_text);
  RC_ASSERT(number_text(*stored.number, stored.decimals) == text);
}

}  // namespace
}  // namespace mj::telemetry::test
