#include <charconv>

#include "book_table.hpp"

namespace mj::devices {
namespace {

/// One record as SOCI binds it.
struct RecordRow {
  std::string mn;
  long long first_seen = 0, last_seen = 0, first_entry = 0, last_entry = 0;
  std::string peer;
  long long connection = 0;
  std::string st, pw, dialect;
  long long frames = 0, bad_frames = 0, deviating_frames = 0, wrong_passwords = 0, encrypted_frames = 0;
  MaybeNumber heartbeat_at;
  std::string traits, noted;
};

constexpr std::string_view kRecordColumns =
    "mn, first_seen, last_seen, first_entry, last_entry, peer, connection, st, pw, dialect, frames, bad_frames, "
    "deviating_frames, wrong_passwords, encrypted_frames, heartbeat_at, traits, noted";

constexpr auto kEachRecordColumn = [](RecordRow& row, auto&& bind) {
  bind(row.mn), bind(row.first_seen), bind(row.last_seen), bind(row.first_entry), bind(row.last_entry);
  bind(row.peer), bind(row.connection), bind(row.st), bind(row.pw), bind(row.dialect);
  bind(row.frames), bind(row.bad_frames), bind(row.deviating_frames), bind(row.wrong_passwords);
  bind(row.encrypted_frames), bind(row.heartbeat_at.value, row.heartbeat_at.has), bind(row.traits),
      bind(row.noted);
};

struct DeviationRow {
  std::string mn, deviation;
  long long frames = 0, first_entry = 0, last_entry = 0, first_at = 0, last_at = 0;
};

constexpr std::string_view kDeviationColumns = "mn, deviation, frames, first_entry, last_entry, first_at, last_at";

constexpr auto kEachDeviationColumn = [](DeviationRow& row, auto&& bind) {
  bind(row.mn), bind(row.deviation), bind(row.frames), bind(row.first_entry), bind(row.last_entry);
  bind(row.first_at), bind(row.last_at);
};

/// Numbers in decimal, separated by blanks.
template <typename Number>
void write_number(std::string& text, Number number) {
  fmt::format_to(std::back_inserter(text), "{} ", number);
}

template <typename Number>
Number read_number(std::string_view& text) {
  Number number{};
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc()) throw soci::soci_error("a record of the book of devices cannot be read");
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (!text.empty()) text.remove_prefix(1);
  return number;
}

RecordRow to_row(const DeviceState& state) {
  RecordRow row;
  row.mn = state.mn;
  row.first_seen = state.first_seen.ms();
  row.last_seen = state.last_seen.ms();
  row.first_entry = static_cast<long long>(state.first_entry);
  row.last_entry = static_cast<long long>(state.last_entry);
  row.peer = state.peer;
  row.connection = static_cast<long long>(state.connection);
  row.st = state.st;
  row.pw = state.pw;
  row.dialect = hj212::name(state.dialect);
  row.frames = static_cast<long long>(state.frames);
  row.bad_frames = static_cast<long long>(state.bad_frames);
  row.deviating_frames = static_cast<long long>(state.deviating_frames);
  row.wrong_passwords = static_cast<long long>(state.wrong_passwords);
  row.encrypted_frames = static_cast<long long>(state.encrypted_frames);
  if (state.heartbeat_at) row.heartbeat_at = MaybeNumber(std::optional(state.heartbeat_at->ms()));
  for (const auto& variants : state.traits.seen) {
    for (const std::uint64_t seen : variants) write_number(row.traits, seen);
  }
  for (const std::int64_t at : state.noted_ms) write_number(row.noted, at);
  return row;
}

void from_row(const RecordRow& row, DeviceState& state) {
  state.first_seen = Instant::from_ms(row.first_seen);
  state.last_seen = Instant::from_ms(row.last_seen);
  state.first_entry = static_cast<std::uint64_t>(row.first_entry);
  state.last_entry = static_cast<std::uint64_t>(row.last_entry);
  state.peer = row.peer;
  state.connection = static_cast<std::uint64_t>(row.connection);
  state.st = row.st;
  state.pw = row.pw;
  state.dialect = hj212::parse_dialect(row.dialect).value_or(hj212::Dialect::unknown);
  state.frames = static_cast<std::uint64_t>(row.frames);
  state.bad_frames = static_cast<std::uint64_t>(row.bad_frames);
  state.deviating_frames = static_cast<std::uint64_t>(row.deviating_frames);
  state.wrong_passwords = static_cast<std::uint64_t>(row.wrong_passwords);
  state.encrypted_frames = static_cast<std::uint64_t>(row.encrypted_frames);
  if (const auto at = row.heartbeat_at.to<std::int64_t>()) state.heartbeat_at = Instant::from_ms(*at);
  std::string_view traits = row.traits;
  for (auto& variants : state.traits.seen) {
    for (std::uint64_t& seen : variants) seen = read_number<std::uint64_t>(traits);
  }
  std::string_view noted = row.noted;
  for (std::int64_t& at : state.noted_ms) at = read_number<std::int64_t>(noted);
}

}  // namespace

void BookTable::put_records(const std::vector<const DeviceState*>& states) {
  if (states.empty()) return;
  Inserter<RecordRow, decltype(kEachRecordColumn)> records(*session_, "device_record", kRecordColumns,
                                                           kEachRecordColumn);
  Inserter<DeviationRow, decltype(kEachDeviationColumn)> deviations(*session_, "device_deviation",
                                                                    kDeviationColumns, kEachDeviationColumn);
  for (const DeviceState* state : states) {
    records.put(to_row(*state));
    for (const Tally& tally : state->tallies) {
      DeviationRow row;
      row.mn = state->mn;
      row.deviation = hj212::name(tally.deviation);
      row.frames = static_cast<long long>(tally.frames);
      row.first_entry = static_cast<long long>(tally.first_entry);
      row.last_entry = static_cast<long long>(tally.last_entry);
      row.first_at = tally.first_at.ms();
      row.last_at = tally.last_at.ms();
      deviations.put(std::move(row));
    }
  }
}

void BookTable::restore(DeviceList& devices) {
  devices.reset();
  const auto nothing = [](soci::statement&) {};
  select_rows<RecordRow>(*session_, fmt::format("SELECT {} FROM device_record", kRecordColumns), kEachRecordColumn,
                         nothing, [&devices](const RecordRow& row) { from_row(row, devices.put(row.mn)); });
  select_rows<DeviationRow>(
      *session_, fmt::format("SELECT {} FROM device_deviation ORDER BY mn, first_entry", kDeviationColumns),
      kEachDeviationColumn, nothing, [&devices](const DeviationRow& row) {
        const auto deviation = hj212::parse_deviation(row.deviation);
        if (!deviation) throw soci::soci_error("the book of devices names an unknown deviation: " + row.deviation);
        devices.put(row.mn).tallies.push_back({*deviation, static_cast<std::uint64_t>(row.frames),
                                               static_cast<std::uint64_t>(row.first_entry),
                                               static_cast<std::uint64_t>(row.last_entry),
                                               Instant::from_ms(row.first_at), Instant::from_ms(row.last_at)});
      });
}

}  // namespace mj::devices
