#include "mj/evidence_format/merkle.hpp"
#include "mj/kernel/bytes.hpp"
#include "result_schema.hpp"

namespace mj::evaluation {
namespace {

Figure figure_from(const duck::Rows& rows, const ResultWords& words) {
  Figure figure;
  figure.level = static_cast<Level>(rows.get<std::uint8_t>(1));
  figure.subject = words.text_of(rows.get<std::uint32_t>(2));
  figure.period = {static_cast<PeriodKind>(rows.get<std::uint8_t>(3)), hour_of_number(rows.get<std::int32_t>(4))};
  figure.indicator = words.text_of(rows.get<std::uint32_t>(5));
  if (!rows.is_null(6)) figure.value = Decimal{rows.get<std::int64_t>(6), rows.get<std::uint8_t>(7)};
  figure.grade = words.grade_of(rows.get<std::uint16_t>(8));
  figure.primary = words.text_of(rows.get<std::uint32_t>(9));
  figure.complete = rows.get<bool>(10);
  figure.reason = words.text_of(rows.get<std::uint32_t>(11));
  figure.standard = words.text_of(rows.get<std::uint32_t>(12));
  figure.verification = static_cast<standards::Verification>(rows.get<std::uint8_t>(13));
  figure.inputs.count = rows.get<std::uint32_t>(14);
  figure.inputs.expected = rows.get<std::uint32_t>(15);
  figure.inputs.first_entry = rows.get<std::uint64_t>(16);
  figure.inputs.last_entry = rows.get<std::uint64_t>(17);
  figure.inputs.digest = rows.get<std::uint64_t>(18);
  figure.run = rows.get<std::uint32_t>(19);
  return figure;
}

}  // namespace

Result<std::vector<Figure>> ResultStore::figures(const FigureQuery& query) const {
  const ResultWords& words = impl_->words;
  std::string where = "true";
  for (const auto& [column, text] : {std::pair("element", &query.element), std::pair("subject", &query.subject),
                                     std::pair("indicator", &query.indicator)}) {
    if (text->empty()) continue;
    const auto number = words.find_text(*text);
    if (!number) return std::vector<Figure>();
    where += fmt::format(" AND {} = {}", column, *number);
  }
  if (query.level) where += fmt::format(" AND level = {}", static_cast<int>(*query.level));
  if (query.kind) where += fmt::format(" AND period = {}", static_cast<int>(*query.kind));
  if (query.from) where += fmt::format(" AND at_h >= {}", hour_number(*query.from));
  if (query.to) where += fmt::format(" AND at_h < {}", hour_number(*query.to));
  if (query.graded) where += " AND grade <> 0";
  return impl_->with_reader([&](duck::Connection& connection) -> Result<std::vector<Figure>> {
    std::vector<Figure> figures;
    MJ_TRY(duck::Rows rows,
           connection.query(fmt::format("SELECT {} FROM result WHERE {}", kResultColumns, where)));
    while (rows.next()) figures.push_back(figure_from(rows, words));
    std::sort(figures.begin(), figures.end(), [](const Figure& a, const Figure& b) {
      return std::tie(a.period.kind, a.period.begin, a.level, a.subject, a.indicator) <
             std::tie(b.period.kind, b.period.begin, b.level, b.subject, b.indicator);
    });
    return figures;
  });
}

Result<ResultStore::Extent> ResultStore::extent(std::string_view element, std::optional<PeriodKind> kind,
                                                std::string_view indicator) const {
  Extent extent;
  const auto number = impl_->words.find_text(element);
  if (!number) return extent;
  std::string where = fmt::format("element = {}", *number);
  if (kind) where += fmt::format(" AND period = {}", static_cast<int>(*kind));
  if (!indicator.empty()) {
    const auto word = impl_->words.find_text(indicator);
    if (!word) return extent;
    where += fmt::format(" AND indicator = {}", *word);
  }
  return impl_->with_reader([&](duck::Connection& connection) -> Result<Extent> {
    MJ_TRY(duck::Rows rows,
           connection.query(fmt::format("SELECT min(at_h), max(at_h) FROM result WHERE {}", where)));
    if (rows.next() && !rows.is_null(0)) {
      extent.oldest = hour_of_number(rows.get<std::int32_t>(0));
      extent.newest = hour_of_number(rows.get<std::int32_t>(1));
    }
    return extent;
  });
}

Result<std::string> ResultStore::digest() const {
  // The sum of the rows' SHA-256 digests does not depend on the order in which they are stored.
  return impl_->with_reader([&](duck::Connection& connection) -> Result<std::string> {
    std::array<std::uint64_t, 4> sum{};
    std::uint64_t rows_counted = 0;
    MJ_TRY(duck::Rows rows, connection.stream(fmt::format("SELECT {} FROM result", kResultColumns)));
    while (rows.next()) {
      const Figure figure = figure_from(rows, impl_->words);
      const Grade grade = figure.grade.value_or(Grade{});
      const std::string row = fmt::format(
          "{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}",
          impl_->words.view_of(rows.get<std::uint32_t>(0)), name(figure.level), figure.subject,
          name(figure.period.kind), figure.period.begin.ms(), figure.indicator,
          figure.value ? to_text(*figure.value) : "", grade.id, grade.name.zh, grade.name.en, grade.colour,
          figure.primary, figure.complete, figure.reason, figure.standard, standards::name(figure.verification),
          figure.inputs.count, figure.inputs.expected, figure.inputs.first_entry,
          fmt::format("{} {}", figure.inputs.last_entry, figure.inputs.digest));
      const Digest digest = evidence_format::sha256(as_bytes(row));
      for (std::size_t lane = 0; lane < sum.size(); ++lane) {
        std::uint64_t part = 0;
        std::memcpy(&part, digest.data() + lane * sizeof(part), sizeof(part));
        sum[lane] += part;
      }
      ++rows_counted;
    }
    const std::string total =
        fmt::format("{}\n{:016x}{:016x}{:016x}{:016x}", rows_counted, sum[0], sum[1], sum[2], sum[3]);
    return to_hex(evidence_format::sha256(as_bytes(total)));
  });
}

Result<std::uint64_t> ResultStore::count() const {
  return impl_->with_reader([&](duck::Connection& connection) -> Result<std::uint64_t> {
    MJ_TRY(duck::Rows rows, connection.query("SELECT count(*) FROM result"));
    return rows.next() ? static_cast<std::uint64_t>(rows.get<std::int64_t>(0)) : 0;
  });
}

}  // namespace mj::evaluation
