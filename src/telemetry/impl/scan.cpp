#include "mj/telemetry/scan.hpp"

#include <cmath>
#include <limits>

#include "store_impl.hpp"

namespace mj::telemetry {
namespace {

/// Values that are held at once; a group that has more is held alone.
constexpr std::uint64_t kPartValues = 1'000'000;
constexpr std::uint32_t kNotWanted = std::numeric_limits<std::uint32_t>::max();

/// A series that was asked for.
struct Wanted {
  SeriesId id;
  std::size_t group = 0;
  std::uint64_t count = 0;  ///< values in the range
};

/// What is asked for, by the published dictionary.
struct Selection {
  std::vector<SeriesKey> keys;  ///< of the wanted series
  std::vector<Wanted> wanted;   ///< by group
};

/// The columns of one part, a stretch per series.
struct Columns {
  std::vector<std::int64_t> at_ms;
  std::vector<double> number;
  std::vector<std::uint32_t> form;
  std::vector<std::uint64_t> entry;

  void resize(std::size_t size) {
    at_ms.resize(size);
    number.resize(size);
    form.resize(size);
    entry.resize(size);
  }
  /// Puts [begin, end) into the order of time; most stretches are already.
  void sort(std::size_t begin, std::size_t end, std::vector<std::size_t>& order, Columns& spare) {
    const auto first = at_ms.begin() + static_cast<std::ptrdiff_t>(begin);
    const auto last = at_ms.begin() + static_cast<std::ptrdiff_t>(end);
    if (std::is_sorted(first, last)) return;
    order.resize(end - begin);
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = begin + i;
    std::sort(order.begin(), order.end(), [this](std::size_t a, std::size_t b) { return at_ms[a] < at_ms[b]; });
    spare.resize(order.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
      spare.at_ms[i] = at_ms[order[i]];
      spare.number[i] = number[order[i]];
      spare.form[i] = form[order[i]];
      spare.entry[i] = entry[order[i]];
    }
    for (std::size_t i = 0; i < order.size(); ++i) {
      at_ms[begin + i] = spare.at_ms[i];
      number[begin + i] = spare.number[i];
      form[begin + i] = spare.form[i];
      entry[begin + i] = spare.entry[i];
    }
  }
};

template <typename Word>
bool among(const std::vector<Word>& words, const Word& word) {
  return words.empty() || std::find(words.begin(), words.end(), word) != words.end();
}

/// Forms by their number; read within the transaction of the scan.
Result<std::vector<ScanForm>> read_forms(duck::Connection& connection) {
  std::vector<ScanForm> forms;
  MJ_TRY(duck::Rows rows,
         connection.query("SELECT id, decimals, kept_text, revision, flag, below FROM form ORDER BY id"));
  while (rows.next()) {
    forms.resize(rows.get<std::uint32_t>(0) + 1);
    forms.back() = ScanForm{rows.get<std::uint8_t>(1), rows.get<bool>(2), rows.get<std::uint32_t>(3),
                            std::string(rows.text(4)), rows.get<bool>(5)};
  }
  return forms;
}

Result<std::uint64_t> read_position(duck::Connection& connection) {
  MJ_TRY(duck::Rows rows, connection.query("SELECT n FROM ledger WHERE class = 'position'"));
  return rows.next() ? rows.get<std::uint64_t>(0) : 0;
}

/// Runs `use` in a transaction that only reads, so that all its queries see one state.
template <typename Use>
auto in_one_state(duck::Connection& connection, Use&& use) -> decltype(use()) {
  MJ_CHECK(connection.run("BEGIN TRANSACTION"));
  auto result = use();
  const Status ended = connection.run("ROLLBACK");
  if (result && !ended) return ended.error();
  return result;
}

/// The series that answer a query, by the dictionary of the state that is read.
Result<Selection> select(duck::Connection& connection, const ScanQuery& query) {
  std::unordered_map<std::string_view, std::size_t> group_of;
  for (std::size_t group = 0; group < query.groups.size(); ++group) {
    for (const std::string& device : query.groups[group]) {
      if (!group_of.emplace(device, group).second) {
        return Error(ErrorCode::invalid_input,
                     fmt::format("device {} is in two groups of one scan, or twice in one", device));
      }
    }
  }
  std::unordered_map<std::string, std::size_t> visits;  // without groups: every device is one
  std::vector<std::pair<Wanted, SeriesKey>> found;
  MJ_TRY(duck::Rows rows, connection.query("SELECT e.id, t.device, t.st, t.cn, e.factor, e.kind FROM series e "
                                           "JOIN stream t ON t.id = e.stream"));
  while (rows.next()) {
    SeriesKey key{std::string(rows.text(1)), std::string(rows.text(2)), std::string(rows.text(3)),
                  std::string(rows.text(4)), std::string(rows.text(5))};
    if (!among(query.factors, key.factor) || !among(query.kinds, key.kind) ||
        !among(query.periods, period_of(key.cn)))
      continue;
    std::size_t group = 0;
    if (query.groups.empty()) {
      group = visits.try_emplace(key.device, visits.size()).first->second;
    } else {
      const auto place = group_of.find(key.device);
      if (place == group_of.end()) continue;
      group = place->second;
    }
    found.emplace_back(Wanted{SeriesId(rows.get<std::uint32_t>(0)), group, 0}, std::move(key));
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
    return std::tie(a.first.group, a.second.device, a.second.st, a.second.cn, a.second.factor, a.second.kind) <
           std::tie(b.first.group, b.second.device, b.second.st, b.second.cn, b.second.factor, b.second.kind);
  });
  Selection selection;
  selection.wanted.reserve(found.size());
  selection.keys.reserve(found.size());
  for (auto& [wanted, key] : found) {
    selection.wanted.push_back(wanted);
    selection.keys.push_back(std::move(key));
  }
  return selection;
}

/// Reads the wanted series and visits their groups.
class Scan {
 public:
  Scan(duck::Connection& connection, const ScanQuery& query, Selection selection, const ScanVisitor& visit,
       const std::function<void(const ScanProgress&)>& progress)
      : connection_(connection),
        query_(query),
        selection_(std::move(selection)),
        visit_(visit),
        progress_(progress) {}

  Result<ScanSummary> run() {
    ScanSummary summary;
    MJ_TRY(summary.position, read_position(connection_));
    if (selection_.wanted.empty()) return summary;
    MJ_TRY(forms_, read_forms(connection_));
    MJ_CHECK(count());
    tell();
    // Groups whose series have neighbouring numbers lie close together in the sorted table.
    for (std::size_t begin = 0; begin < groups_.size();) {
      std::size_t end = begin;
      std::uint64_t values = 0;
      while (end < groups_.size() && (end == begin || values + groups_[end].count <= kPartValues)) {
        values += groups_[end].count;
        ++end;
      }
      MJ_CHECK(part(begin, end, values));
      begin = end;
    }
    summary.values = at_.done;
    return summary;
  }

 private:
  struct Group {
    std::size_t begin = 0;  ///< in selection_.wanted
    std::size_t end = 0;
    std::uint64_t count = 0;
    std::uint32_t first = kNotWanted;  ///< lowest series
  };

  [[nodiscard]] std::string range() const {
    return fmt::format("at_ms >= {} AND at_ms < {}", query_.from.ms(), query_.to.ms());
  }

  Status count() {
    std::uint32_t last = 0;
    for (const Wanted& wanted : selection_.wanted) last = std::max(last, wanted.id.raw());
    place_.assign(std::size_t{last} + 1, kNotWanted);
    std::uint32_t first = last;
    for (std::size_t i = 0; i < selection_.wanted.size(); ++i) {
      place_[selection_.wanted[i].id.raw()] = static_cast<std::uint32_t>(i);
      first = std::min(first, selection_.wanted[i].id.raw());
    }
    MJ_TRY(duck::Rows rows,
           connection_.query(fmt::format("SELECT series, count(*) FROM observation WHERE series BETWEEN {} AND {} "
                                         "AND {} GROUP BY series",
                                         first, last, range())));
    while (rows.next()) {
      const std::uint32_t place = place_[rows.get<std::uint32_t>(0)];
      if (place != kNotWanted)
        selection_.wanted[place].count = static_cast<std::uint64_t>(rows.get<std::int64_t>(1));
    }
    for (std::size_t begin = 0; begin < selection_.wanted.size();) {
      Group group;
      group.begin = begin;
      group.end = begin;
      while (group.end < selection_.wanted.size() &&
             selection_.wanted[group.end].group == selection_.wanted[begin].group) {
        const Wanted& wanted = selection_.wanted[group.end++];
        if (wanted.count == 0) continue;
        group.count += wanted.count;
        group.first = std::min(group.first, wanted.id.raw());
      }
      begin = group.end;
      if (group.count > 0) groups_.push_back(group);
      at_.total += group.count;
    }
    std::sort(groups_.begin(), groups_.end(), [](const Group& a, const Group& b) { return a.first < b.first; });
    return {};
  }

  Status part(std::size_t begin, std::size_t end, std::uint64_t values) {
    // One stretch for each series of the part; rows find theirs by the number of their series.
    std::vector<std::size_t> stretch(place_.size(), 0);
    std::uint32_t first = kNotWanted;
    std::uint32_t last = 0;
    std::fill(in_part_.begin(), in_part_.end(), false);
    in_part_.resize(place_.size(), false);
    std::size_t next = 0;
    for (std::size_t g = begin; g < end; ++g) {
      for (std::size_t i = groups_[g].begin; i < groups_[g].end; ++i) {
        const Wanted& wanted = selection_.wanted[i];
        if (wanted.count == 0) continue;
        stretch[wanted.id.raw()] = next;
        next += wanted.count;
        in_part_[wanted.id.raw()] = true;
        first = std::min(first, wanted.id.raw());
        last = std::max(last, wanted.id.raw());
      }
    }
    columns_.resize(values);
    MJ_TRY(duck::Rows rows,
           connection_.stream(fmt::format("SELECT series, at_ms, value, form, entry FROM observation WHERE series "
                                          "BETWEEN {} AND {} AND {}",
                                          first, last, range())));
    std::uint64_t read = 0;
    while (rows.next()) {
      const auto series = rows.get<std::uint32_t>(0);
      if (!in_part_[series]) continue;
      const std::size_t to = stretch[series]++;
      if (++read > values) break;
      columns_.at_ms[to] = rows.get<std::int64_t>(1);
      columns_.number[to] = rows.is_null(2) ? std::nan("") : rows.get<double>(2);
      columns_.form[to] = rows.get<std::uint32_t>(3);
      columns_.entry[to] = rows.get<std::uint64_t>(4);
    }
    if (read != values)
      return Error(ErrorCode::internal, fmt::format("a scan counted {} values and read {}", values, read));
    std::size_t at = 0;
    ScanGroup group;
    for (std::size_t g = begin; g < end; ++g) {
      group.group = selection_.wanted[groups_[g].begin].group;
      group.series.clear();
      for (std::size_t i = groups_[g].begin; i < groups_[g].end; ++i) {
        const Wanted& wanted = selection_.wanted[i];
        if (wanted.count == 0) continue;
        columns_.sort(at, at + wanted.count, order_, spare_);
        ScanSeries series;
        series.id = wanted.id;
        series.key = &selection_.keys[i];
        series.at_ms = std::span(columns_.at_ms).subspan(at, wanted.count);
        series.number = std::span(columns_.number).subspan(at, wanted.count);
        series.form = std::span(columns_.form).subspan(at, wanted.count);
        series.entry = std::span(columns_.entry).subspan(at, wanted.count);
        series.forms = forms_;
        group.series.push_back(series);
        at += wanted.count;
      }
      MJ_CHECK(visit_(group));
      at_.done += groups_[g].count;
    }
    tell();
    return {};
  }

  void tell() const {
    if (progress_) progress_(at_);
  }

  duck::Connection& connection_;
  const ScanQuery& query_;
  Selection selection_;
  const ScanVisitor& visit_;
  const std::function<void(const ScanProgress&)>& progress_;
  std::vector<ScanForm> forms_;
  std::vector<std::uint32_t> place_;  ///< by series: place in selection_.wanted
  std::vector<Group> groups_;         ///< with values, by lowest series
  std::vector<bool> in_part_;
  Columns columns_, spare_;
  std::vector<std::size_t> order_;
  ScanProgress at_;
};

}  // namespace

Decimal ScanSeries::decimal(std::size_t i) const {
  static constexpr std::array<double, 16> kPowers{1,   1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                  1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
  const std::uint8_t decimals = forms[form[i]].decimals;
  // The double is the nearest to the digits received, so up to 15 digits come back exactly.
  if (decimals < kPowers.size()) {
    const double scaled = number[i] * kPowers[decimals];
    if (std::abs(scaled) < kPowers.back()) return Decimal{std::llround(scaled), decimals};
  }
  return parse_decimal(fmt::format("{:.{}f}", number[i], std::min<int>(decimals, 6))).value_or(Decimal{});
}

Result<ScanSummary> Store::scan(const ScanQuery& query, const ScanVisitor& visit,
                                const std::function<void(const ScanProgress&)>& progress) const {
  if (query.to <= query.from)
    return Error(ErrorCode::invalid_input, "a scan needs a range that ends after it begins");
  return impl_->with_reader([&](duck::Connection& connection) -> Result<ScanSummary> {
    return in_one_state(connection, [&]() -> Result<ScanSummary> {
      MJ_TRY(Selection selection, select(connection, query));
      return Scan(connection, query, std::move(selection), visit, progress).run();
    });
  });
}

Result<Changes> Store::changes_since(std::uint64_t position) const {
  return impl_->with_reader([&](duck::Connection& connection) -> Result<Changes> {
    return in_one_state(connection, [&]() -> Result<Changes> {
      Changes changes;
      MJ_TRY(changes.position, read_position(connection));
      if (changes.position <= position) return changes;
      MJ_TRY(duck::Rows rows,
             connection.query(
                 "SELECT t.device, min(o.lo), max(o.hi) FROM (SELECT series, min(at_ms) AS lo, max(at_ms) "
                 "AS hi FROM observation WHERE entry >= $1 GROUP BY series) o "
                 "JOIN series s ON s.id = o.series JOIN stream t ON t.id = s.stream "
                 "GROUP BY t.device ORDER BY t.device",
                 {duck::Param(position)}));
      while (rows.next()) {
        changes.ranges.push_back(ChangedRange{std::string(rows.text(0)),
                                              Instant::from_ms(rows.get<std::int64_t>(1)),
                                              Instant::from_ms(rows.get<std::int64_t>(2) + 1)});
      }
      return changes;
    });
  });
}

}  // namespace mj::telemetry
