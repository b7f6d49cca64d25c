#include "air_rules.hpp"

namespace mj::evaluation {
namespace {

std::optional<std::size_t> place_of(std::string_view pollutant) {
  const auto found = std::find(kAirNames.begin(), kAirNames.end(), pollutant);
  if (found == kAirNames.end()) return std::nullopt;
  return static_cast<std::size_t>(found - kAirNames.begin());
}

std::vector<AirItem> items_of(std::span<const standards::AqiItem> items) {
  std::vector<AirItem> result;
  for (const standards::AqiItem& item : items) {
    const auto place = place_of(item.pollutant);
    // An item of an edition to come that this program has no column for has no place: the index would lack it.
    if (!place) continue;
    AirItem made{*place, &item, AirValue::day_mean};
    if (item.period == "8h") made.value = AirValue::max_8h;
    if (item.period == "1h_max") made = {kOzoneHour, &item, AirValue::max_1h};
    result.push_back(made);
  }
  return result;
}

standards::Verification weakest_of(const standards::AqiStandard& standard,
                                   std::span<const standards::AqiItem> items) {
  standards::Verification weakest = standard.edition.verification;
  for (const standards::AqiItem& item : items) weakest = std::max(weakest, item.verification);
  return weakest;
}

/// The later begin and the earlier end.
standards::Validity both(const standards::Validity& a, const standards::Validity& b) {
  standards::Validity result{std::max(a.from, b.from), a.to};
  if (b.to && (!result.to || *b.to < *result.to)) result.to = b.to;
  return result;
}

}  // namespace

bool AirDayLaw::enough_sites(std::size_t with_value, std::size_t sites) const {
  if (sites == 0 || with_value == 0) return false;
  const Decimal share = static_cast<int>(sites) < city_few_sites ? city_few_min_share : city_min_share;
  const auto order = assess::Exact::compare(
      assess::Exact::of(static_cast<std::int64_t>(with_value), static_cast<std::int64_t>(sites)), share);
  return order.value_or(-1) >= 0;
}

const AirItem* AirDayLaw::item_at(std::size_t place) const {
  for (const AirItem& item : items) {
    if (item.place == place) return &item;
  }
  return nullptr;
}

Result<std::shared_ptr<const AirLaw>> AirLaw::load(const standards::StandardSet& standards) {
  auto law = std::make_shared<AirLaw>();
  for (const standards::AqiStandard& standard : standards.aqi_editions()) {
    if (!standard.hourly.empty()) {
      law->hours.push_back(
          AirHourLaw{standard.edition.validity, assess::AqiTable(standard, assess::AqiReport::hourly),
                     items_of(standard.hourly), weakest_of(standard, standard.hourly), AirGrades(standard)});
    }
    if (standard.daily.empty()) continue;
    // Limits of GB 3095 change within an edition of HJ 633 (2031): one law for each stretch.
    Instant at = standard.edition.validity.from;
    while (!standard.edition.validity.to || at < *standard.edition.validity.to) {
      MJ_TRY(const assess::AirYearRules year, assess::AirYearRules::load(standards, at, {}));
      MJ_TRY(const assess::AirDayRules rules, assess::AirDayRules::load(standards, at));
      standards::Validity stretch{at, std::nullopt};
      std::map<std::string_view, std::string> editions;  // kind → id
      standards::Verification ozone_limit = standards::Verification::unverified;
      for (const std::string_view kind : {"air_limits", "air_statistics"}) {
        for (const standards::RuleRow& row : standards.rules(kind)) {
          if (row.jurisdiction != "nation" || !row.validity.contains(at)) continue;
          stretch = both(stretch, row.validity);
          editions[kind] = row.edition;
          if (row.text("pollutant") == kAirNames.back() && row.text("period") == "mda8")
            ozone_limit = row.verification;
        }
      }
      stretch.from = at;
      AirDayLaw day{
          both(stretch, standard.edition.validity),
          rules,
          assess::AqiTable(standard, assess::AqiReport::daily),
          items_of(standard.daily),
          {},
          year.standard,
          standard.edition.id,
          weakest_number(standards, editions["air_limits"], {"day_min_hours"}),
          std::max(ozone_limit, std::max(weakest_number(standards, editions["air_limits"], {"window_min_hours"}),
                                         weakest_number(standards, editions["air_statistics"],
                                                        {"mda8_min_windows", "mda8_first_window"}))),
          weakest_of(standard, standard.daily),
          weakest_number(standards, editions["air_statistics"],
                         {"city_min_site_share", "city_few_sites", "city_few_sites_min_share"}),
          year.city_min_share,
          year.city_few_sites,
          year.city_few_min_share,
          AirGrades(standard)};
      for (const assess::AirStatisticRule& rule : year.pollutants) {
        if (rule.pollutant == kAirNames.back() && rule.daily_limit) day.ozone_limit = *rule.daily_limit;
      }
      const std::optional<Instant> end = day.validity.to;
      law->days.push_back(std::move(day));
      if (!end) break;
      at = *end;
    }
  }
  return std::shared_ptr<const AirLaw>(std::move(law));
}

const AirDayLaw* AirLaw::day(Instant at) const {
  for (const AirDayLaw& law : days) {
    if (law.validity.contains(at)) return &law;
  }
  return nullptr;
}

const AirHourLaw* AirLaw::hour(Instant at) const {
  for (const AirHourLaw& law : hours) {
    if (law.validity.contains(at)) return &law;
  }
  return nullptr;
}

namespace {

constexpr int kGoodAirLevel = 2;  // compliant up to level 2 优良

}  // namespace

std::optional<Decimal> good_index(const AirDayLaw& law) {
  for (const standards::AqiCategory& category : law.table.standard().categories) {
    if (category.level == kGoodAirLevel) return Decimal{category.hi, 0};
  }
  return std::nullopt;
}

AirGrades::AirGrades(const standards::AqiStandard& standard) {
  for (const standards::AqiCategory& category : standard.categories) {
    grades_.push_back(
        Grade{std::to_string(category.level), category.name, category.rgb, category.level <= kGoodAirLevel});
    for (int index = std::max(category.lo, 0); index <= category.hi && index <= 500; ++index)
      by_index_[static_cast<std::size_t>(index)] = static_cast<std::uint8_t>(grades_.size());
  }
  // An index of one pollutant may be 0 where the whole one begins at 1.
  if (by_index_[0] == 0) by_index_[0] = by_index_[1];
}

const Grade* AirGrades::of(int index) const {
  if (index < 0 || index > 500) return nullptr;
  const std::uint8_t place = by_index_[static_cast<std::size_t>(index)];
  return place == 0 ? nullptr : &grades_[place - 1U];
}

standards::Verification weakest_number(const standards::StandardSet& standards, std::string_view edition,
                                       std::initializer_list<std::string_view> names) {
  standards::Verification weakest = standards::Verification::verified;
  std::size_t found = 0;
  for (const standards::RuleRow& row : standards.rules("parameters")) {
    if (row.edition != edition || std::find(names.begin(), names.end(), row.text("name")) == names.end()) continue;
    weakest = std::max(weakest, row.verification);
    ++found;
  }
  return found < names.size() ? standards::Verification::unverified : weakest;
}

Grade limit_grade(bool kept) {
  return kept ? Grade{"met", {"达标", "Within the limit"}, "", true}
              : Grade{"exceeded", {"超标", "Above the limit"}, "", false};
}

std::string primary_text(const std::vector<AirItem>& items, unsigned primary) {
  std::string text;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if ((primary >> i & 1U) == 0) continue;
    // Ozone can decide by its eight hours and by its hour.
    if (text.ends_with(items[i].item->pollutant)) continue;
    text += (text.empty() ? "" : "+") + items[i].item->pollutant;
  }
  return text;
}

AirIndex index_of(const AirDayLaw& law, const std::array<std::optional<Decimal>, kAirItems>& values) {
  std::array<Decimal, assess::kMostAqiItems> by_item{};
  unsigned present = 0;
  unsigned exempt = 0;
  AirIndex index;
  for (std::size_t i = 0; i < law.items.size(); ++i) {
    const std::optional<Decimal>& value = values[law.items[i].place];
    if (value) {
      by_item[i] = *value;
      present |= 1U << i;
    } else if (law.items[i].value == AirValue::max_1h) {
      exempt |= 1U << i;  // the eight hours stand for ozone
    } else {
      index.missing += (index.missing.empty() ? "" : "+") + law.items[i].item->pollutant;
    }
  }
  if (present != 0) {
    index.verdict = law.table.evaluate(by_item, present, exempt);
  }
  return index;
}

AirHours hours_of(const standards::StandardSet& standards, const standards::AqiItem& item,
                  const SampleSeries& series, std::span<const Sample> day, Instant begin) {
  constexpr std::int64_t kHourMs = 3'600'000;
  AirHours hours;
  hours.inputs.expected = static_cast<std::uint32_t>(hours.values.size());
  const bool converts = series.unit != item.unit;
  for (const Sample& sample : day) {
    const std::int64_t hour = (sample.at_ms - begin.ms()) / kHourMs;
    if (!sample.usable || sample.value.mantissa < 0 || hour < 0 || hour >= 24) continue;
    std::optional<Decimal> value = sample.value;
    if (converts) value = standards.convert(sample.value, series.unit, item.unit);
    if (!value) continue;
    hours.values[static_cast<std::size_t>(hour)] = value;
    hours.inputs.add(sample.at_ms, sample.value, sample.entry);
  }
  return hours;
}

AirDayValue day_value(const AirDayLaw& law, const AirItem& item, const assess::DayHours& hours) {
  AirDayValue result;
  const auto count = std::count_if(hours.begin(), hours.end(), [](const auto& hour) { return hour.has_value(); });
  switch (item.value) {
    case AirValue::day_mean: {
      const auto mean = assess::day_mean(hours, law.rules);
      if (mean) result.value = mean->round(item.item->decimals);
      if (!mean) result.reason = fmt::format("{}/{} h", count, law.rules.day_min_hours);
      break;
    }
    case AirValue::max_8h: {
      const auto maximum = assess::day_max_8h(hours, law.rules, law.ozone_limit);
      if (maximum) result.value = maximum->round(item.item->decimals);
      if (!maximum) result.reason = fmt::format("8 h × <{} ({} h)", law.rules.min_windows, count);
      break;
    }
    case AirValue::max_1h: {
      std::optional<Decimal> maximum;
      for (const auto& hour : hours) {
        if (hour && (!maximum || compare(*hour, *maximum) > 0)) maximum = hour;
      }
      // The standards say nothing of how many hours a maximum needs: as many as a mean.
      if (count < law.rules.day_min_hours) {
        result.reason = fmt::format("{}/{} h", count, law.rules.day_min_hours);
      } else if (maximum) {
        result.value = round_gb8170(*maximum, item.item->decimals);
      }
      break;
    }
  }
  return result;
}

}  // namespace mj::evaluation
