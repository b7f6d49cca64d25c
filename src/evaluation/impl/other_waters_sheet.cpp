// What the sheets of groundwater and of sources of drinking water say of an item.
#include "other_waters_sheet.hpp"

namespace mj::evaluation {
namespace {

constexpr std::array<const char*, 4> kClassColumns{"I", "II", "III", "IV"};

/// "5.5~<6.5;>8.5~9.0": from the least to the greatest. None when a gap between the bands is not taken by `better` classes.
std::optional<SheetTable::Row> hull_of(std::string_view bands, const std::vector<SheetTable::Row>& better) {
  std::optional<SheetTable::Row> hull;
  bool open_above = false;
  while (!bands.empty()) {
    const std::size_t end = std::min(bands.find(';'), bands.size());
    const std::string_view band = bands.substr(0, end);
    bands.remove_prefix(std::min(end + 1, bands.size()));
    const std::size_t tilde = std::min(band.find('~'), band.size());
    const bool low_open = band.starts_with('>');
    const bool high_open = band.substr(std::min(tilde + 1, band.size())).starts_with('<');
    const auto low = parse_decimal(band.substr(low_open ? 1 : 0, tilde - (low_open ? 1 : 0)));
    const auto high =
        tilde == band.size() ? std::nullopt : parse_decimal(band.substr(tilde + (high_open ? 2 : 1)));
    if (!low || !high) return std::nullopt;
    if (!hull) {
      if (low_open) return std::nullopt;
      hull = SheetTable::Row{low, high, ""};
    } else {
      const bool taken = std::any_of(better.begin(), better.end(), [&](const SheetTable::Row& row) {
        return row.low && compare(*row.low, *hull->high) <= 0 && compare(*low, *row.high) <= 0;
      });
      if (!taken) return std::nullopt;
      hull->high = high;
    }
    open_above = high_open;
  }
  return open_above ? std::nullopt : hull;
}

SheetTable table_of_row(const standards::RuleRow& row, std::string_view name, std::string_view item,
                        std::string_view unit, SheetTable::Better better) {
  SheetTable table = parameter_table(row, name, {});
  table.kind = SheetTable::Kind::classes;
  table.factor = item;
  table.unit = unit;
  table.better = better;
  table.rows.clear();
  return table;
}

}  // namespace

std::string class_limits(const standards::RuleRow& limit) {
  std::string text;
  for (const char* column : kClassColumns) {
    if (!limit.text(column).empty())
      text += fmt::format("{}{} {}", text.empty() ? "" : ", ", column, limit.text(column));
  }
  return text;
}

std::optional<SheetTable> class_table(const standards::RuleRow& limit) {
  const bool range = limit.text("rule") == "range";
  const std::string_view item = limit.text("item");
  SheetTable table = table_of_row(limit, fmt::format("class/{}", item), item, limit.text("unit"),
                                  range ? SheetTable::Better::within : SheetTable::Better::lower);
  for (std::size_t i = 0; i < kClassColumns.size(); ++i) {
    // "ND" and an open bound (">0.5") are met by no number.
    SheetTable::Row row{parse_decimal(limit.text(kClassColumns[i])), std::nullopt, {}};
    if (range) {
      const auto hull = hull_of(limit.text(kClassColumns[i]), table.rows);
      if (!hull) return std::nullopt;
      row = *hull;
    }
    row.text = std::to_string(i + 1);
    table.rows.push_back(std::move(row));
  }
  return table;
}

SheetTable limit_table(const standards::RuleRow& row, std::string_view name, std::string_view item,
                       std::string_view unit, Decimal limit, SheetTable::Better better) {
  SheetTable table = table_of_row(row, name, item, unit, better);
  table.rows.push_back({limit, std::nullopt, "1"});
  return table;
}

void SampledWaterSheet::put(SheetStep step, const Derived& of) {
  step.operation = operation_of(of);
  to_.steps.emplace_back(Explanation::kEvery, std::move(step));
}

Derived SampledWaterSheet::mean(const SampleSeries& series, const Item& item,
                                const std::optional<assess::Exact>& mean) {
  const std::string label(item.key);
  const auto samples = series.within(to_.period.begin, to_.period.end());
  const std::size_t first = to_.inputs.size();
  explain_values(to_, Explanation::kEvery, series, samples, label);
  const auto by = in_unit(context_.standards, Decimal{1, 0}, series.unit, item.unit);
  std::vector<Derived> counted;
  if (samples.size() > kMostListedValues) counted.push_back(derivation_.missing(Gap::many));
  for (std::size_t i = 0; by && i < samples.size() && samples.size() <= kMostListedValues; ++i) {
    if (!samples[i].usable) continue;
    const auto value = in_unit(context_.standards, samples[i].value, series.unit, item.unit);
    if (value && assess::ItemMean(item.through_ions).add(*value))
      counted.push_back(derivation_.sample(first + i, series, samples[i], *by));
  }
  const Derived derived = derived_mean(derivation_, counted, item.through_ions, item.decimals, {});
  put(step_of({label + " 均值", label + ", mean"}, item.through_ions ? "−lg(Σ 10^−pH / n)" : "Σ x / n",
              long_text(mean), std::string(item.unit)),
      derived);
  return derived;
}

void SampledWaterSheet::classified(const Derived& mean, std::optional<SheetTable> classes, SheetStep step) {
  const Derived rank = classes ? derivation_.classify(mean, *std::move(classes)) : std::nullopt;
  findings_.push_back(rank);
  put(std::move(step), rank);
}

void SampledWaterSheet::compared(const Derived& mean, std::optional<SheetTable> classes, int kept,
                                 std::optional<SheetTable> limit, std::uint8_t decimals, SheetStep step) {
  const Derived rank = classes ? derivation_.classify(mean, *std::move(classes)) : std::nullopt;
  const std::span<const Derived> one(&rank, 1);
  // 1 when the limit is exceeded, 0 when it is kept.
  const Derived exceeds = derivation_.difference(derivation_.count_all(one), derivation_.count(one, {kept, 0}));
  findings_.push_back(derivation_.scale(exceeds, kLeastMultiple));
  if (!limit) {
    put(std::move(step), rank);
    return;
  }
  const Derived bound = derivation_.limit(*std::move(limit));
  findings_.push_back(derivation_.ratio(derivation_.difference(mean, bound), bound, decimals));
  put(std::move(step), findings_.back());
}

void SampledWaterSheet::worst(std::size_t indicator, SheetStep step) {
  const Derived figure = derivation_.greatest(findings_, {}, step.clause);
  step.operation = operation_of(figure);
  to_.steps.emplace_back(indicator, std::move(step));
  conclude(to_, indicator, derivation_, figure);
}

void SampledWaterSheet::basic(const PointValues& values, const WaterRules& rules, bool lake,
                              const assess::SectionVerdict& verdict) {
  const auto reference = static_cast<std::size_t>(rules.sections.reference_class);
  for (const WaterItemTitle& title : water_items()) {
    const standards::WaterItem* item = rules.item(title.key, lake);
    for (const assess::ItemVerdict& part : verdict.parts) {
      if (part.item != item || item == nullptr) continue;
      const standards::Edition& edition = rules.sections.standard->edition;
      const SampleSeries* series = water_series(context_, values, to_.period, item, title.key);
      const bool range = item->rule == standards::WaterRule::range;
      const ValuesOfItem measured = values_of_item(context_, *series, item->unit, to_.period, range);
      const Derived judged = derivation_.round(
          mean(*series, {title.key, item->unit, range, item->decimals.value_or(kJudgedDigits)}, measured.mean),
          item->decimals.value_or(kJudgedDigits));
      SheetStep step =
          step_of({std::string(title.key) + " 与Ⅲ类限值比较", std::string(title.key) + " against class III"},
                  fmt::format("{} : {}", to_text(part.judged), to_text(item->limits[reference - 1])),
                  part.exceed ? to_text(*part.exceed) : std::string(assess::class_name(part.value)), item->unit);
      step.clause = item->clause;
      step.verification = item->verification;
      std::optional<SheetTable> limit;
      if (part.exceed)
        limit = parameter_table(
            edition, fmt::format("class/{}/{}", item->item, assess::class_name(static_cast<int>(reference))),
            item->limits[reference - 1], item->clause, item->verification);
      compared(judged, class_table(edition, *item), rules.sections.reference_class, std::move(limit),
               rules.sections.exceed_decimals, std::move(step));
    }
  }
}

}  // namespace mj::evaluation
