// The writing of one run: everything or nothing.
#include <fmt/ranges.h>

#include "mj/runtime/log.hpp"
#include "result_schema.hpp"
#include "row_writer.hpp"

namespace mj::evaluation {
namespace {

constexpr std::uint8_t kJudged = 0;
constexpr std::uint8_t kSummarised = 1;
/// Days of results of all points that are read at once.
constexpr std::int64_t kReadMs = 31LL * 86'400'000;

}  // namespace

struct ResultStore::Session::Impl {
  ResultStore::Impl& store;
  const Evaluator& evaluator;
  std::uint32_t run = 0;
  std::uint32_t element = 0;
  std::vector<std::uint32_t> indicators;  ///< words of the evaluator's indicators
  std::unique_ptr<RowWriter> writer;
  std::uint8_t stage = kJudged;
  std::uint64_t rows = 0;
  bool open = false;

  /// Most rows repeat the words of the row before.
  struct Repeated {
    std::string text;
    std::uint32_t number = 0;
  };
  Repeated subject, primary, reason, standard;
  std::uint32_t word(Repeated& last, std::string_view text) {
    if (text != last.text) {
      last.number = store.words.text(text);
      last.text = text;
    }
    return last.number;
  }
  duck::Connection& connection() const { return *store.writer; }
  /// The words of those that have results.
  std::vector<std::uint32_t> numbers_of(std::span<const std::string> subjects) const {
    std::vector<std::uint32_t> numbers;
    for (const std::string& id : subjects) {
      if (const auto number = store.words.find_text(id)) numbers.push_back(*number);
    }
    return numbers;
  }
  /// Condition for rows of these subjects.
  std::string among(const SubjectSet& subjects) const {
    std::map<Level, std::vector<std::uint32_t>> by_level;
    for (const auto& [level, id] : subjects) {
      if (const auto number = store.words.find_text(id)) by_level[level].push_back(*number);
    }
    std::string text = "(false";
    for (const auto& [level, numbers] : by_level)
      text +=
          fmt::format(" OR (level = {} AND subject IN ({}))", static_cast<int>(level), fmt::join(numbers, ","));
    return text + ")";
  }
  Status pause() {
    if (!writer) return {};
    MJ_CHECK(writer->close());
    writer.reset();
    return {};
  }
};

ResultStore::Session::Session(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

ResultStore::Session::~Session() {
  if (!impl_ || !impl_->open) return;
  impl_->writer.reset();
  if (const Status done = impl_->connection().run("ROLLBACK"); !done)
    runtime::log(runtime::Level::debug, "evaluation", "nothing to roll back: {}", done.error().text());
  impl_->store.words.roll_back();
}

Result<std::unique_ptr<ResultStore::Session>> ResultStore::begin(const Evaluator& evaluator, std::uint32_t run) {
  auto session = std::make_unique<Session::Impl>(
      Session::Impl{*impl_, evaluator, run, 0, {}, {}, kJudged, 0, false, {}, {}, {}, {}});
  MJ_CHECK(impl_->writer->run("BEGIN TRANSACTION"));
  session->open = true;
  session->element = impl_->words.text(evaluator.element);
  for (const Indicator& indicator : evaluator.indicators)
    session->indicators.push_back(impl_->words.text(indicator.id));
  return std::unique_ptr<Session>(new Session(std::move(session)));
}

Status ResultStore::Session::erase_all() {
  MJ_CHECK(impl_->pause());
  MJ_TRY(duck::Rows others, impl_->connection().query(
                                fmt::format("SELECT count(*) FROM result WHERE element <> {}", impl_->element)));
  if (!others.next()) return Error(ErrorCode::internal, "DuckDB counts nothing");
  // An empty table costs nothing afterwards; deleted rows do.
  if (others.get<std::int64_t>(0) == 0) return impl_->connection().run("TRUNCATE result");
  return impl_->connection().run(fmt::format("DELETE FROM result WHERE element = {}", impl_->element));
}

Status ResultStore::Session::erase_judged(std::span<const std::string> points, Instant from, Instant to) {
  MJ_CHECK(impl_->pause());
  const std::vector<std::uint32_t> ids = impl_->numbers_of(points);
  if (ids.empty()) return {};
  return impl_->connection().run(fmt::format(
      "DELETE FROM result WHERE element = {} AND stage = {} AND at_h >= {} AND at_h < {} AND subject IN ({})",
      impl_->element, kJudged, hour_number(from), hour_number(to), fmt::join(ids, ",")));
}

Status ResultStore::Session::erase_judged(std::span<const std::string> points) {
  MJ_CHECK(impl_->pause());
  const std::vector<std::uint32_t> ids = impl_->numbers_of(points);
  if (ids.empty()) return {};
  return impl_->connection().run(
      fmt::format("DELETE FROM result WHERE element = {} AND stage = {} AND level = 0 AND subject IN ({})",
                  impl_->element, kJudged, fmt::join(ids, ",")));
}

Status ResultStore::Session::erase_summaries(std::span<const EvaluationPeriod> periods,
                                             const SubjectSet* subjects) {
  MJ_CHECK(impl_->pause());
  const std::string of_subjects = subjects == nullptr ? std::string() : " AND " + impl_->among(*subjects);
  std::map<PeriodKind, std::vector<std::int32_t>> hours;
  for (const EvaluationPeriod& period : periods) hours[period.kind].push_back(hour_number(period.begin));
  for (const auto& [kind, list] : hours) {
    MJ_CHECK(impl_->connection().run(
        fmt::format("DELETE FROM result WHERE element = {} AND stage = {} AND period = {} AND at_h IN ({}){}",
                    impl_->element, kSummarised, static_cast<int>(kind), fmt::join(list, ","), of_subjects)));
  }
  return {};
}

Status ResultStore::Session::add(const Row& row) {
  Impl& impl = *impl_;
  if (!impl.writer) impl.writer = std::make_unique<RowWriter>(impl.connection());
  StoredRow stored;
  stored.element = impl.element;
  stored.level = static_cast<std::uint8_t>(row.level);
  stored.subject = impl.word(impl.subject, row.subject);
  stored.period = static_cast<std::uint8_t>(row.period.kind);
  stored.at_h = hour_number(row.period.begin);
  stored.indicator = impl.indicators.at(row.indicator);
  stored.has_value = row.value.has_value();
  stored.mantissa = row.value ? row.value->mantissa : 0;
  stored.decimals = row.value ? row.value->decimals : std::uint8_t{0};
  stored.grade = row.grade;
  stored.primary = impl.word(impl.primary, row.primary);
  stored.complete = row.complete;
  stored.reason = impl.word(impl.reason, row.reason);
  stored.standard = impl.word(impl.standard, row.standard);
  stored.verification = static_cast<std::uint8_t>(row.verification);
  stored.inputs = row.inputs.count;
  stored.expected = row.inputs.expected;
  stored.first_entry = row.inputs.first_entry;
  stored.last_entry = row.inputs.last_entry;
  stored.digest = row.inputs.digest;
  stored.run = impl.run;
  stored.stage = impl.stage;
  ++impl.rows;
  return impl.writer->add(stored);
}

std::uint16_t ResultStore::Session::grade(const Grade& grade) { return impl_->store.words.grade(grade); }

Status ResultStore::Session::begin_summaries() {
  impl_->stage = kSummarised;
  return impl_->pause();
}

Status ResultStore::Session::read_judged(const std::function<std::optional<std::size_t>(std::string_view)>& place,
                                         PeriodKind kind, Instant from, Instant to,
                                         const std::function<Status(const PointRow&)>& visit,
                                         const std::vector<std::string>* points) {
  Impl& impl = *impl_;
  MJ_CHECK(impl.pause());
  std::string of_points;
  if (points != nullptr) {
    const std::vector<std::uint32_t> ids = impl.numbers_of(*points);
    if (ids.empty()) return {};
    of_points = fmt::format(" AND subject IN ({})", fmt::join(ids, ","));
  }
  const ResultWords& words = impl.store.words;
  std::unordered_map<std::uint32_t, std::optional<std::size_t>> places;
  std::unordered_map<std::uint32_t, std::size_t> indicators;
  for (std::size_t i = 0; i < impl.indicators.size(); ++i) indicators.emplace(impl.indicators[i], i);
  std::unordered_map<std::uint32_t, std::string_view> texts;
  const auto view = [&](std::uint32_t number) {
    const auto [found, added] = texts.try_emplace(number);
    if (added) found->second = words.view_of(number);
    return found->second;
  };
  for (Instant begin = from; begin < to;) {
    const Instant end = std::min(to, begin.plus_ms(kReadMs));
    MJ_CHECK(impl.pause());
    MJ_TRY(
        duck::Rows rows,
        impl.connection().query(fmt::format(
            "SELECT subject, at_h, indicator, mantissa, decimals, grade, main, complete, verification, standard, "
            "inputs, expected, first_entry, last_entry, digest FROM result WHERE element = {} AND stage = {} AND "
            "level = 0 AND period = {} AND at_h >= {} AND at_h < {}{}",
            impl.element, kJudged, static_cast<int>(kind), hour_number(begin), hour_number(end), of_points)));
    while (rows.next()) {
      const auto subject = rows.get<std::uint32_t>(0);
      const auto [found, added] = places.try_emplace(subject);
      if (added) found->second = place(words.view_of(subject));
      const auto indicator = indicators.find(rows.get<std::uint32_t>(2));
      if (!found->second || indicator == indicators.end()) continue;
      PointRow row;
      row.point = *found->second;
      row.indicator = indicator->second;
      row.period = {kind, hour_of_number(rows.get<std::int32_t>(1))};
      if (!rows.is_null(3)) row.value = Decimal{rows.get<std::int64_t>(3), rows.get<std::uint8_t>(4)};
      row.grade = rows.get<std::uint16_t>(5);
      row.primary = view(rows.get<std::uint32_t>(6));
      row.complete = rows.get<bool>(7);
      row.verification = static_cast<standards::Verification>(rows.get<std::uint8_t>(8));
      row.standard = view(rows.get<std::uint32_t>(9));
      row.inputs.count = rows.get<std::uint32_t>(10);
      row.inputs.expected = rows.get<std::uint32_t>(11);
      row.inputs.first_entry = rows.get<std::uint64_t>(12);
      row.inputs.last_entry = rows.get<std::uint64_t>(13);
      row.inputs.digest = rows.get<std::uint64_t>(14);
      MJ_CHECK(visit(row));
    }
    begin = end;
  }
  return {};
}

std::uint64_t ResultStore::Session::rows() const { return impl_->rows; }

Status ResultStore::Session::mark(std::span<const PointMark> points) {
  MJ_CHECK(impl_->pause());
  const std::string& element = impl_->evaluator.element;
  MJ_TRY(duck::Rows erased, impl_->connection().query("DELETE FROM point_mark WHERE element = $1",
                                                      {duck::Param(std::string_view(element))}));
  MJ_TRY(auto writer,
         duck::Writer::open(impl_->connection(), "point_mark", std::vector<duckdb_type>(4, DUCKDB_TYPE_VARCHAR)));
  for (const PointMark& point : points) {
    std::string belongs;
    for (const auto& [level, group] : point.groups) belongs += fmt::format("{} {}\n", name(level), group);
    writer->put_text(0, element);
    writer->put_text(1, point.point);
    writer->put_text(2, point.digest);
    writer->put_text(3, belongs);
    MJ_CHECK(writer->next_row());
  }
  return writer->close();
}

Status ResultStore::Session::commit(const Run& run, const ElementState& state) {
  Impl& impl = *impl_;
  MJ_CHECK(impl.pause());
  duck::Connection& connection = impl.connection();
  MJ_CHECK(impl.store.words.write(connection));
  MJ_TRY(duck::Rows erased, connection.query("DELETE FROM element_state WHERE element = $1",
                                             {duck::Param(std::string_view(run.element))}));
  MJ_TRY(duck::Rows stated,
         connection.query(
             "INSERT INTO element_state VALUES ($1, $2, $3, $4)",
             {duck::Param(std::string_view(run.element)), duck::Param(state.position),
              duck::Param(std::string_view(state.standards)), duck::Param(std::string_view(state.roster))}));
  MJ_CHECK(insert_run(connection, run));
  MJ_CHECK(connection.run("COMMIT"));
  impl.open = false;
  impl.store.words.committed();
  return {};
}

}  // namespace mj::evaluation
