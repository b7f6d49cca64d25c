#include "mj/appraisal/scheme.hpp"

#include <algorithm>

#include "mj/registry/day.hpp"
#include "mj/storage/file.hpp"
#include "table_reader.hpp"
#include "value_rule.hpp"

namespace mj::appraisal {
namespace {

Result<std::string> known_value(TableReader& reader, std::string_view key, const Scheme& scheme) {
  MJ_TRY(const std::string id, reader.text(key));
  if (scheme.value(id) == nullptr) return reader.wrong(key, fmt::format("there is no value \"{}\"", id));
  return id;
}

Result<Role> read_role(TableReader& reader, std::string_view key) {
  MJ_TRY(const std::string word, reader.text(key));
  if (word == "subject") return Role::subject;
  if (word == "region") return Role::region;
  if (word == "upstream") return Role::upstream;
  if (word == "downstream") return Role::downstream;
  if (word == "fund") return Role::fund;
  return reader.wrong(key, "must be subject, region, upstream, downstream or fund");
}

Result<Instant> read_day(TableReader& reader, std::string_view key) {
  MJ_TRY(const std::string text, reader.text(key));
  const auto day = registry::parse_day(text);
  if (!day) return reader.wrong(key, "must be a day such as 2026-03-01");
  return day->begin();
}

/// What names the scheme and says where it comes from.
Status read_head(TableReader& reader, Scheme& scheme) {
  MJ_TRY(scheme.id, reader.text("id"));
  MJ_TRY(scheme.title, reader.words("title"));
  MJ_TRY(const std::string kind, reader.text("kind"));
  if (kind != "score" && kind != "compensation") return reader.wrong("kind", "must be score or compensation");
  scheme.kind = kind == "score" ? SchemeKind::score : SchemeKind::compensation;
  MJ_TRY(const std::string period, reader.text("period"));
  const auto parsed = evaluation::parse_period_kind(period);
  if (!parsed || *parsed < evaluation::PeriodKind::month)
    return reader.wrong("period", "must be month, quarter or year");
  scheme.period = *parsed;
  MJ_TRY(scheme.jurisdiction, reader.text("jurisdiction"));
  MJ_TRY(scheme.validity.from, read_day(reader, "valid_from"));
  if (reader.has("valid_to")) {
    MJ_TRY(const Instant last, read_day(reader, "valid_to"));
    scheme.validity.to = registry::Day::of(last).plus(1).begin();
  }
  MJ_TRY(scheme.example, reader.flag("example"));
  MJ_TRY(scheme.document, reader.text_or("document", ""));
  if (scheme.document.empty() != scheme.example)
    return reader.wrong("document", "a scheme names the document it follows, or says example = true");
  MJ_TRY(scheme.source, reader.text("source"));
  MJ_TRY(const std::string verification, reader.text("verification"));
  const auto state = standards::parse_verification(verification);
  if (!state) return reader.wrong("verification", "must be VERIFIED, THIRD_PARTY, INFERRED or UNVERIFIED");
  scheme.verification = *state;
  if (reader.has("note")) {
    MJ_TRY(scheme.note, reader.words("note"));
  }
  return {};
}

/// Who is judged and in what the result is counted.
Status read_subjects(TableReader& reader, Scheme& scheme) {
  MJ_TRY(scheme.unit, reader.text("unit"));
  MJ_TRY(const auto decimals, reader.whole("decimals", 0, 6));
  scheme.decimals = static_cast<std::uint8_t>(decimals.value_or(2));
  MJ_TRY(const std::string level, reader.text("level"));
  const auto group = statistics::parse_group(level);
  if (!group || *group == statistics::Group::all)
    return reader.wrong("level", "must be point, district, city, province, river or basin");
  scheme.level = *group;
  MJ_TRY(scheme.subjects, reader.texts("subjects"));
  if (reader.has("fund")) {
    MJ_TRY(scheme.fund, reader.words("fund"));
  }
  return {};
}

Status read_indicators(TableReader& reader, const std::string& place, Scheme& scheme) {
  MJ_TRY(const auto tables, reader.tables("indicator"));
  for (const toml::table* table : tables) {
    TableReader row(*table, place);
    Indicator indicator;
    MJ_TRY(indicator.id, row.text("id"));
    MJ_TRY(indicator.title, row.words("title"));
    if (row.has("figure")) {
      MJ_TRY(indicator.figure, known_value(row, "figure", scheme));
    }
    MJ_TRY(indicator.points, known_value(row, "points", scheme));
    MJ_TRY(const auto least, row.decimal("least"));
    MJ_TRY(const auto most, row.decimal("most"));
    if (!most) return row.wrong("most", "the most points are needed");
    indicator.least = least.value_or(Decimal{0, 0});
    indicator.most = *most;
    if (compare(indicator.least, indicator.most) > 0) return row.wrong("least", "must not be above most");
    MJ_TRY(indicator.clause, row.text_or("clause", ""));
    MJ_CHECK(row.finish());
    scheme.indicators.push_back(std::move(indicator));
  }
  MJ_TRY(const auto vetoes, reader.tables("veto"));
  for (const toml::table* table : vetoes) {
    TableReader row(*table, place);
    MJ_TRY(standards::Text title, row.words("title"));
    MJ_TRY(const std::string when, row.text("when"));
    auto formula = Expression::parse(when);
    if (!formula) return row.wrong("when", formula.error().text());
    MJ_CHECK(check_names(*formula, scheme.values, row, "when"));
    MJ_TRY(std::string clause, row.text_or("clause", ""));
    MJ_CHECK(row.finish());
    scheme.vetoes.push_back({std::move(title), *std::move(formula), std::move(clause)});
  }
  return {};
}

Status read_payments(TableReader& reader, const std::string& place, Scheme& scheme) {
  MJ_TRY(const auto tables, reader.tables("payment"));
  for (const toml::table* table : tables) {
    TableReader row(*table, place);
    Payment payment;
    MJ_TRY(payment.title, row.words("title"));
    MJ_TRY(payment.amount, known_value(row, "amount", scheme));
    MJ_TRY(payment.payer, read_role(row, "payer"));
    MJ_TRY(payment.receiver, read_role(row, "receiver"));
    if (payment.payer == payment.receiver) return row.wrong("receiver", "must be another one than payer");
    const auto of_point = [](Role role) { return role != Role::subject && role != Role::fund; };
    if ((of_point(payment.payer) || of_point(payment.receiver)) && scheme.level != statistics::Group::point)
      return row.wrong("payer", "region, upstream and downstream are known of points only");
    const bool fund = payment.payer == Role::fund || payment.receiver == Role::fund;
    if (fund && scheme.fund.zh.empty()) return row.wrong("payer", "the scheme must name its fund");
    MJ_TRY(payment.clause, row.text_or("clause", ""));
    MJ_CHECK(row.finish());
    scheme.payments.push_back(std::move(payment));
  }
  return {};
}

Result<Scheme> read_scheme(const toml::table& document, const std::string& place) {
  TableReader reader(document, place);
  Scheme scheme;
  MJ_CHECK(read_head(reader, scheme));
  MJ_CHECK(read_subjects(reader, scheme));
  MJ_TRY(const auto values, reader.tables("value"));
  for (const toml::table* table : values) {
    MJ_TRY(ValueRule value, read_value(*table, place, scheme.values));
    scheme.values.push_back(std::move(value));
  }
  MJ_CHECK(read_indicators(reader, place, scheme));
  MJ_CHECK(read_payments(reader, place, scheme));
  if (scheme.kind == SchemeKind::score && scheme.indicators.empty())
    return reader.wrong("kind", "a score sheet needs [[indicator]]");
  if (scheme.kind == SchemeKind::compensation && scheme.payments.empty())
    return reader.wrong("kind", "a compensation needs [[payment]]");
  MJ_CHECK(reader.finish());
  return scheme;
}

}  // namespace

const ValueRule* Scheme::value(std::string_view name) const {
  const auto found = std::ranges::find_if(values, [name](const ValueRule& rule) { return rule.id == name; });
  return found == values.end() ? nullptr : &*found;
}

std::string_view name(SchemeKind kind) { return kind == SchemeKind::score ? "score" : "compensation"; }

Result<Scheme> parse_scheme(std::string_view text, std::string_view place) {
  try {
    return read_scheme(toml::parse(text, place), std::string(place));
  } catch (const toml::parse_error& failure) {
    return Error(ErrorCode::invalid_input,
                 fmt::format("{}:{}: {}", place, failure.source().begin.line, failure.description()));
  }
}

Result<std::vector<Scheme>> load_schemes(const std::filesystem::path& directory) {
  std::vector<Scheme> schemes;
  std::error_code failure;
  for (const auto& entry : std::filesystem::directory_iterator(directory, failure)) {
    if (entry.path().extension() != ".toml") continue;
    MJ_TRY(const std::string text, storage::read_file(entry.path()));
    MJ_TRY(Scheme scheme, parse_scheme(text, entry.path().string()));
    schemes.push_back(std::move(scheme));
  }
  std::sort(schemes.begin(), schemes.end(), [](const Scheme& a, const Scheme& b) { return a.id < b.id; });
  const auto twice =
      std::ranges::adjacent_find(schemes, [](const Scheme& a, const Scheme& b) { return a.id == b.id; });
  if (twice != schemes.end())
    return Error(ErrorCode::invalid_input,
                 fmt::format("{}: the scheme \"{}\" stands in two files", directory.string(), twice->id));
  return schemes;
}

}  // namespace mj::appraisal
