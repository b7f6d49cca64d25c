#include <cmath>

#include "mj/assess/emf.hpp"
#include "mj/assess/gamma.hpp"
#include "mj/assess/rules_in_force.hpp"
#include "mj/assess/sheet.hpp"
#include "sheet_reader.hpp"
#include "sheet_writer.hpp"

namespace mj::assess {
namespace {

/// A place and the moment or stretch its rows belong to.
using PlaceAndTime = std::pair<std::string, std::string>;

std::string stretch_of(Instant at, RadiationSpan span) {
  if (span == RadiationSpan::all) return "";
  const BeijingTime time = to_beijing(at);
  return span == RadiationSpan::month ? fmt::format("{:04}-{:02}", time.year, time.month)
                                      : fmt::format("{:04}-{:02}-{:02}", time.year, time.month, time.day);
}

/// The columns of dose rates that may be there.
struct GammaColumns {
  std::size_t point = 0;
  std::size_t time = 0;
  std::size_t dose = 0;
  std::optional<std::size_t> place, k1, k2, cosmic, rain, low, high;

  static Result<GammaColumns> open(const SheetReader& reader) {
    GammaColumns columns;
    MJ_TRY(columns.point, reader.require("point"));
    MJ_TRY(columns.time, reader.require("time"));
    MJ_TRY(columns.dose, reader.require("dose"));
    columns.place = reader.find("place");
    columns.k1 = reader.find("k1");
    columns.k2 = reader.find("k2");
    columns.cosmic = reader.find("cosmic");
    columns.rain = reader.find("rain");
    columns.low = reader.find("background_low");
    columns.high = reader.find("background_high");
    if (columns.low.has_value() != columns.high.has_value())
      return Error(ErrorCode::invalid_input, "header: background_low and background_high go together");
    return columns;
  }
};

Result<GammaTerms> gamma_terms(const SheetReader& reader, const GammaColumns& columns) {
  GammaTerms terms;
  if (columns.place && !reader.missing(*columns.place)) terms.place = reader.cell(*columns.place);
  const auto take = [&](const std::optional<std::size_t>& column, Decimal& into) -> Status {
    if (!column) return {};
    MJ_TRY(const auto value, reader.amount(*column));
    if (value) into = *value;
    return {};
  };
  MJ_CHECK(take(columns.k1, terms.k1));
  MJ_CHECK(take(columns.k2, terms.k2));
  MJ_CHECK(take(columns.cosmic, terms.cosmic));
  return terms;
}

/// The range of the row, or of the region named.
Result<std::optional<GammaBackground>> range_of(const SheetRun& run, const RadiationSheet& sheet,
                                                const SheetReader& reader, const GammaColumns& columns, Instant at,
                                                const GammaTerms& terms) {
  if (columns.low && !reader.missing(*columns.low)) {
    MJ_TRY(const auto low, reader.amount(*columns.low));
    MJ_TRY(const auto high, reader.amount(*columns.high));
    if (!high || compare(*high, *low) < 0) return reader.error(*columns.high, "must be at least background_low");
    return std::optional(GammaBackground{*low, *high, "", standards::Verification::verified});
  }
  if (sheet.region.empty()) return std::optional<GammaBackground>();
  const auto found = gamma_background(run.standards, at, sheet.region, terms.place);
  if (!found)
    return Error(ErrorCode::not_found,
                 fmt::format("no table has the background of the region \"{}\" ({})", sheet.region, terms.place));
  return found;
}

Status write_gamma(const SheetRun& run, const std::map<PlaceAndTime, GammaSummary>& all) {
  MJ_TRY(const Parameters numbers, Parameters::of_edition(run.standards, "HJ 1157-2021"));
  MJ_TRY(const int digits, numbers.integer("significant_digits"));
  SheetWriter writer(run.output, run.format,
                     {"point", "time", "values", "mean", "min", "max", "sd", "background_low", "background_high",
                      "above", "above_in_rain", "below", "within", "standard", "verification"});
  for (const auto& [key, summary] : all) {
    const auto shown = [&](const std::optional<Decimal>& value) {
      writer.decimal(value ? with_digits(*value, digits) : std::nullopt);
    };
    writer.text(key.first).text_or_none(key.second).integer(static_cast<std::int64_t>(summary.count()));
    writer.decimal(with_digits(summary.mean(), digits));
    shown(summary.least());
    shown(summary.greatest());
    const auto deviation = summary.deviation();
    shown(deviation ? std::optional(Decimal{std::llround(*deviation * 1e6), 6}) : std::nullopt);
    const auto& range = summary.background();
    if (!range) {
      writer.none().none().none().none().none().none();
    } else {
      writer.decimal(range->low).decimal(range->high).integer(static_cast<std::int64_t>(summary.above()));
      writer.integer(static_cast<std::int64_t>(summary.above_in_rain()))
          .integer(static_cast<std::int64_t>(summary.below()));
      writer.yes_no(summary.above() == 0 && summary.below() == 0);
    }
    // The conversion and its digits are memory, whatever the range is.
    auto weakest = numbers.verification("significant_digits");
    if (range) weakest = std::max(weakest, range->verification);
    writer.text(range && !range->edition.empty() ? numbers.edition() + "; " + range->edition : numbers.edition());
    writer.text(standards::name(weakest));
    MJ_CHECK(writer.end_row());
  }
  return writer.finish();
}

Result<std::size_t> gamma_sheet(const SheetRun& run, const RadiationSheet& sheet, SheetReader& reader) {
  MJ_TRY(const GammaColumns columns, GammaColumns::open(reader));
  std::map<PlaceAndTime, GammaSummary> all;
  while (true) {
    MJ_TRY(const bool more, reader.next());
    if (!more) break;
    MJ_TRY(const std::string_view point, reader.text(columns.point));
    MJ_TRY(const Instant at, reader.time(columns.time));
    MJ_TRY(const auto reading, reader.amount(columns.dose));
    if (!reading) continue;
    MJ_TRY(const GammaTerms terms, gamma_terms(reader, columns));
    const auto net = net_dose_rate(run.standards, *reading, terms);
    if (!net) return reader.error(columns.dose, net.error().text());
    constexpr std::uint8_t kDecimals = 6;
    const auto rate = net->round(kDecimals);
    if (!rate) return reader.error(columns.dose, "the figures have too many digits");
    bool rain = false;
    if (columns.rain) {
      MJ_TRY(const auto amount, reader.amount(*columns.rain));
      rain = amount && amount->mantissa > 0;
    }
    const PlaceAndTime key{std::string(point), stretch_of(at, sheet.span)};
    auto found = all.find(key);
    if (found == all.end()) {
      MJ_TRY(auto range, range_of(run, sheet, reader, columns, at, terms));
      found = all.emplace(key, GammaSummary(std::move(range))).first;
    }
    MJ_CHECK(found->second.add(*rate, rain));
  }
  MJ_CHECK(write_gamma(run, all));
  return reader.row();
}

/// One measurement of a spectrum of fields.
struct Fields {
  Instant at;
  std::vector<EmfComponent> components;
};

Status write_fields(const SheetRun& run, const std::vector<std::pair<PlaceAndTime, Fields>>& all) {
  SheetWriter writer(run.output, run.format,
                     {"point", "time", "components", "sum_e_low", "sum_b_low", "sum_e_high", "sum_b_high",
                      "compliant", "standard", "clause", "verification"});
  constexpr std::uint8_t kShownDecimals = 6;
  for (const auto& [key, fields] : all) {
    const auto verdict = judge_emf(run.standards, fields.at, fields.components);
    if (!verdict) return verdict.error().context(fmt::format("point {}, time {}", key.first, key.second));
    writer.text(key.first).text(key.second).integer(static_cast<std::int64_t>(fields.components.size()));
    for (const auto& sum : {verdict->linear_e, verdict->linear_b, verdict->squared_e, verdict->squared_b})
      writer.decimal(sum ? std::optional(round_gb8170(*sum, kShownDecimals)) : std::nullopt);
    writer.yes_no(verdict->compliant).text(verdict->edition).text(verdict->clause);
    writer.text(standards::name(verdict->verification));
    MJ_CHECK(writer.end_row());
  }
  return writer.finish();
}

Result<std::size_t> fields_sheet(const SheetRun& run, SheetReader& reader) {
  MJ_TRY(const std::size_t point, reader.require("point"));
  MJ_TRY(const std::size_t time, reader.require("time"));
  MJ_TRY(const std::size_t frequency, reader.require("frequency"));
  MJ_TRY(const std::size_t unit, reader.require("frequency_unit"));
  const std::array<std::optional<std::size_t>, 4> places{reader.find("e"), reader.find("b"), reader.find("h"),
                                                         reader.find("s")};
  const auto place = reader.find("place");
  std::vector<std::pair<PlaceAndTime, Fields>> all;  // in the order of the table
  std::map<PlaceAndTime, std::size_t> places_in_order;
  while (true) {
    MJ_TRY(const bool more, reader.next());
    if (!more) break;
    MJ_TRY(const std::string_view name, reader.text(point));
    MJ_TRY(const Instant at, reader.time(time));
    EmfComponent component;
    MJ_TRY(const auto value, reader.amount(frequency));
    if (!value || value->mantissa == 0) return reader.error(frequency, "the frequency must be above 0");
    component.frequency = *value;
    MJ_TRY(component.frequency_unit, reader.text(unit));
    const std::array<std::optional<Decimal>*, 4> into{&component.e, &component.b, &component.h, &component.s};
    for (std::size_t i = 0; i < into.size(); ++i) {
      if (!places[i]) continue;
      MJ_TRY(*into[i], reader.amount(*places[i]));
    }
    if (place && !reader.missing(*place)) {
      if (reader.cell(*place) != "line" && reader.cell(*place) != "public")
        return reader.error(*place, fmt::format("\"{}\" is neither public nor line", reader.cell(*place)));
      component.under_line = reader.cell(*place) == "line";
    }
    // Each component is judged alone first, so that a mistake is told with its row.
    if (const auto alone = judge_emf(run.standards, at, std::span(&component, 1)); !alone)
      return reader.error(frequency, alone.error().text());
    const PlaceAndTime key{std::string(name), std::string(reader.cell(time))};
    const auto [known, fresh] = places_in_order.try_emplace(key, all.size());
    if (fresh) all.emplace_back(key, Fields{at, {}});
    all[known->second].second.components.push_back(std::move(component));
  }
  MJ_CHECK(write_fields(run, all));
  return reader.row();
}

}  // namespace

Result<std::size_t> radiation_sheet(const SheetRun& run, const RadiationSheet& sheet) {
  SheetReader reader(run.input);
  MJ_CHECK(reader.open());
  return sheet.report == RadiationReport::gamma ? gamma_sheet(run, sheet, reader) : fields_sheet(run, reader);
}

}  // namespace mj::assess
