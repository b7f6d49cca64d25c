#include "water_items.hpp"

#include "mj/assess/basin.hpp"
#include "mj/assess/other_water.hpp"
#include "mj/assess/rules_in_force.hpp"
#include "sheet_parts.hpp"

namespace mj::evaluation {
namespace {

using assess::Exact;

constexpr std::array<WaterItemTitle, 26> kItems{{{"pH", "pH值", "pH", ""},
                                                 {"DO", "溶解氧", "Dissolved oxygen", "mg/L"},
                                                 {"CODMn", "高锰酸盐指数", "Permanganate index", "mg/L"},
                                                 {"COD", "化学需氧量", "COD", "mg/L"},
                                                 {"BOD5", "五日生化需氧量", "BOD5", "mg/L"},
                                                 {"NH3N", "氨氮", "Ammonia nitrogen", "mg/L"},
                                                 {"TP", "总磷", "Total phosphorus", "mg/L"},
                                                 {"TN", "总氮", "Total nitrogen", "mg/L"},
                                                 {"Cu", "铜", "Copper", "mg/L"},
                                                 {"Zn", "锌", "Zinc", "mg/L"},
                                                 {"F", "氟化物", "Fluoride", "mg/L"},
                                                 {"Se", "硒", "Selenium", "mg/L"},
                                                 {"As", "砷", "Arsenic", "mg/L"},
                                                 {"Hg", "汞", "Mercury", "mg/L"},
                                                 {"Cd", "镉", "Cadmium", "mg/L"},
                                                 {"Cr6", "六价铬", "Chromium(VI)", "mg/L"},
                                                 {"Pb", "铅", "Lead", "mg/L"},
                                                 {"CN", "氰化物", "Cyanide", "mg/L"},
                                                 {"VPhenol", "挥发酚", "Volatile phenols", "mg/L"},
                                                 {"Oil", "石油类", "Petroleum oil", "mg/L"},
                                                 {"LAS", "阴离子表面活性剂", "Anionic surfactants", "mg/L"},
                                                 {"S2", "硫化物", "Sulfide", "mg/L"},
                                                 {"FColi", "粪大肠菌群", "Faecal coliform", "个/L"},
                                                 {"Chla", "叶绿素a", "Chlorophyll a", "mg/m³"},
                                                 {"SD", "透明度", "Transparency", "m"},
                                                 {"ORP", "氧化还原电位", "Redox potential", "mV"}}};
constexpr std::uint8_t kMeanDigits = 10;
constexpr std::uint8_t kShownDigits = 3;  ///< of items that the standard of sections does not round

Status emit_black_odorous(const Context& context, const WaterSubject& subject, const WaterMeans& means,
                          Sink& sink) {
  // Transparency or redox potential are measured only where the question is asked.
  if (!means.items[*water_item("SD")].mean && !means.items[*water_item("ORP")].mean) return {};
  if (subject.lake || subject.level != Level::point) return {};
  static constexpr std::array<std::array<std::string_view, 2>, 3> kNames{
      {{"无黑臭", "None"}, {"轻度黑臭", "Light"}, {"重度黑臭", "Heavy"}}};
  int worst = 0;
  std::string deciding;
  Row row = row_of(subject.level, subject.id, subject.period, kWaterBlackOdorous);
  std::string standard;
  for (const auto* limit : assess::rows_in_force(context.standards, "black_odorous", judged_at(subject.period))) {
    const auto place = water_item(limit->text("item"));
    if (!place || !means.items[*place].mean) continue;
    const auto mean = means.items[*place].mean->round(kMeanDigits);
    const auto value =
        mean ? in_unit(context.standards, *mean, water_items()[*place].unit, limit->text("unit")) : std::nullopt;
    if (!value) continue;
    const int grade = assess::black_odorous_grade(*limit, *value);
    if (grade > worst) deciding.clear();
    worst = std::max(worst, grade);
    if (grade == worst && grade > 0) deciding += (deciding.empty() ? "" : "+") + std::string(limit->text("item"));
    row.verification = std::max(row.verification == standards::Verification::unverified && standard.empty()
                                    ? standards::Verification::verified
                                    : row.verification,
                                limit->verification);
    standard = limit->edition;
    row.inputs.add(means.items[*place].inputs);
  }
  if (standard.empty()) return {};
  const auto& names = kNames[static_cast<std::size_t>(worst)];
  row.value = Decimal{worst, 0};
  row.grade =
      sink.grade(Grade{std::to_string(worst), {std::string(names[0]), std::string(names[1])}, "", worst == 0});
  row.primary = deciding;
  row.standard = standard;
  return sink.emit(row);
}

Status emit_items(const Context&, const WaterRules& rules, const WaterSubject& subject, const WaterMeans& means,
                  const assess::SectionVerdict& verdict, Sink& sink) {
  for (std::size_t i = 0; i < kItems.size(); ++i) {
    const WaterMeans::Item& item = means.items[i];
    if (!item.mean && item.reason.empty()) continue;
    Row row = row_of(subject.level, subject.id, subject.period, judged_indicator(i));
    row.inputs = item.inputs;
    row.complete = item.mean.has_value();
    row.reason = item.reason;
    row.verification = rules.shares;
    row.standard = rules.sections.standard->edition.id;
    if (!item.mean) {
      MJ_CHECK(sink.emit(row));
      continue;
    }
    const standards::WaterItem* known = rules.item(kItems[i].key, subject.lake);
    row.value =
        known != nullptr && known->decimals ? item.mean->round(*known->decimals) : item.mean->round(kShownDigits);
    for (const assess::ItemVerdict& part : verdict.parts) {
      if (part.item != known || known == nullptr) continue;
      row.grade = sink.grade(water_class_grade(part.value, subject.target));
      row.verification = std::max(known->verification, rules.shares);
    }
    MJ_CHECK(sink.emit(row));
    row.indicator = mean_indicator(i);
    row.grade = 0;
    row.value = item.mean->round(kMeanDigits);
    if (row.value) row.value = without_zeros(*row.value);
    MJ_CHECK(sink.emit(row));
  }
  return {};
}

}  // namespace

std::vector<std::optional<Decimal>> trophic_values(const assess::TrophicRules& rules, const Context& context,
                                                   const WaterMeans& means) {
  std::vector<std::optional<Decimal>> values;
  for (const assess::TrophicItem& item : rules.items) {
    values.emplace_back();
    const auto place = water_item(item.item);
    if (!place || !means.items[*place].mean) continue;
    if (const auto mean = means.items[*place].mean->round(kMeanDigits))
      values.back() = in_unit(context.standards, *mean, water_items()[*place].unit, item.unit);
  }
  return values;
}

std::span<const WaterItemTitle> water_items() { return kItems; }

std::optional<std::size_t> water_item(std::string_view key) {
  for (std::size_t i = 0; i < kItems.size(); ++i) {
    if (kItems[i].key == key) return i;
  }
  return std::nullopt;
}

Result<WaterRules> WaterRules::load(const standards::StandardSet& standards, Instant at) {
  WaterRules rules;
  MJ_TRY(rules.sections, assess::SectionRules::load(standards, at));
  if (auto trophic = assess::TrophicRules::load(standards, at)) rules.trophic = *std::move(trophic);
  MJ_TRY(const auto status, assess::Parameters::of(standards, "water_status", at));
  MJ_TRY(rules.quarter_months, status.integer("quarter_min_months"));
  MJ_TRY(rules.year_months, status.integer("year_min_months"));
  // Means of automatic stations were made before the document was written, too: it is used for all of them.
  const auto decimals = standards.rules("water_decimals");
  if (decimals.empty()) return Error(ErrorCode::not_found, "no rules of means of automatic stations");
  MJ_TRY(const auto automatic, assess::Parameters::of_edition(standards, decimals.front().edition));
  MJ_TRY(rules.day_share, automatic.decimal("day_min_share"));
  MJ_TRY(rules.month_share, automatic.decimal("month_min_share"));
  MJ_TRY(const int hours, automatic.integer("sampling_interval_hours"));
  for (const char* name : {"day_min_share", "month_min_share", "sampling_interval_hours"})
    rules.shares = std::max(rules.shares, automatic.verification(name));
  rules.due_a_day = 24 / std::max(1, hours);
  return rules;
}

const standards::WaterItem* WaterRules::item(std::string_view key, bool lake) const {
  const auto body = lake ? standards::WaterBody::lake : standards::WaterBody::river;
  for (const standards::WaterItem& item : sections.standard->items) {
    if (item.item == key && (!item.body || *item.body == body)) return &item;
  }
  return nullptr;
}

Inputs WaterMeans::inputs() const {
  Inputs all;
  for (const Item& item : items) {
    if (item.mean) all.add(item.inputs);
  }
  return all;
}

WaterMeans WaterMeans::with_partial() const {
  WaterMeans all = *this;
  for (Item& item : all.items) {
    if (!item.mean) item.mean = item.partial;
  }
  return all;
}

std::string WaterMeans::reasons() const {
  std::string text;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (!items[i].reason.empty())
      text += fmt::format("{}{}: {}", text.empty() ? "" : "; ", kItems[i].key, items[i].reason);
  }
  return text;
}

std::vector<assess::SectionValue> section_values(const WaterRules& rules, const WaterMeans& means, bool lake) {
  std::vector<assess::SectionValue> values;
  for (std::size_t i = 0; i < kItems.size(); ++i) {
    const standards::WaterItem* item = means.items[i].mean ? rules.item(kItems[i].key, lake) : nullptr;
    if (item == nullptr) continue;
    if (const auto mean = assess::judged_mean(*item, *means.items[i].mean)) values.push_back({item, *mean, false});
  }
  return values;
}

assess::SectionMeans section_means(const WaterRules& rules, const WaterMeans& means, bool lake) {
  assess::SectionMeans section;
  for (std::size_t i = 0; i < kItems.size(); ++i) {
    const standards::WaterItem* item = means.items[i].mean ? rules.item(kItems[i].key, lake) : nullptr;
    if (item != nullptr) section.add_mean(*item, *means.items[i].mean);
  }
  return section;
}

Grade water_class_grade(int value, std::optional<int> target) {
  static constexpr std::array<std::array<std::string_view, 2>, 7> kNames{{{"", ""},
                                                                          {"Ⅰ类", "Class I"},
                                                                          {"Ⅱ类", "Class II"},
                                                                          {"Ⅲ类", "Class III"},
                                                                          {"Ⅳ类", "Class IV"},
                                                                          {"Ⅴ类", "Class V"},
                                                                          {"劣Ⅴ类", "Worse than class V"}}};
  const auto& names = kNames[static_cast<std::size_t>(value)];
  std::optional<bool> compliant;
  if (target) compliant = value <= *target;
  return {std::to_string(value), {std::string(names[0]), std::string(names[1])}, "", compliant};
}

Grade water_status_grade(const standards::RuleRow& row) {
  return {std::string(row.text("order")),
          {std::string(row.text("name_zh")), std::string(row.text("name_en"))},
          "",
          {}};
}

Result<assess::SectionVerdict> emit_class(const WaterRules& rules, const WaterSubject& subject,
                                          const WaterMeans& means, Sink& sink) {
  assess::SectionVerdict verdict =
      assess::judge_section(rules.sections, section_values(rules, means, subject.lake));
  const std::string reasons = means.reasons();
  Row row = row_of(subject.level, subject.id, subject.period, kWaterClass);
  row.reason = reasons;
  row.complete = reasons.empty() && verdict.value > 0;
  row.standard = rules.sections.standard->edition.id;
  if (verdict.value == 0) {
    const WaterMeans few = means.with_partial();
    const auto told = assess::judge_section(rules.sections, section_values(rules, few, subject.lake));
    row.inputs = few.inputs();
    if (reasons.empty() && row.inputs.count == 0) return verdict;
    if (told.value > 0) {
      row.value = Decimal{told.value, 0};
      row.grade = sink.grade(water_class_grade(told.value, std::nullopt));
      row.verification = std::max(told.verification, rules.shares);
    }
    MJ_CHECK(sink.emit(row));
    return verdict;
  }
  row.inputs = means.inputs();
  row.verification = std::max(verdict.verification, rules.shares);
  row.value = Decimal{verdict.value, 0};
  row.grade = sink.grade(water_class_grade(verdict.value, subject.target));
  std::string deciding;
  for (const std::string& item : verdict.deciding) deciding += (deciding.empty() ? "" : "+") + item;
  row.primary = deciding;
  MJ_CHECK(sink.emit(row));
  if (verdict.main.empty()) return verdict;
  const std::string main = assess::exceed_text(verdict, verdict.main);
  Row exceed = row;
  exceed.indicator = kWaterExceed;
  exceed.grade = 0;
  exceed.value = std::nullopt;
  for (const std::size_t place : verdict.worse) {
    const auto& multiple = verdict.parts[place].exceed;
    if (multiple && (!exceed.value || compare(*multiple, *exceed.value) > 0)) exceed.value = multiple;
  }
  exceed.primary = main;
  MJ_CHECK(sink.emit(exceed));
  return verdict;
}

Result<assess::SectionVerdict> emit_section(const Context& context, const WaterRules& rules,
                                            const WaterSubject& subject, const WaterMeans& means, Sink& sink) {
  MJ_TRY(assess::SectionVerdict verdict, emit_class(rules, subject, means, sink));
  Row row = row_of(subject.level, subject.id, subject.period, kWaterStatus);
  row.inputs = means.inputs();
  if (const auto* status = assess::status_of_section(rules.sections, verdict.value)) {
    const std::string reasons = means.reasons();
    row.reason = reasons;
    row.complete = reasons.empty();
    row.standard = rules.sections.standard->edition.id;
    row.verification = std::max({verdict.verification, rules.shares, status->verification});
    row.grade = sink.grade(water_status_grade(*status));
    MJ_CHECK(sink.emit(row));
  }
  MJ_CHECK(emit_items(context, rules, subject, means, verdict, sink));
  MJ_CHECK(emit_black_odorous(context, subject, means, sink));
  if (!subject.lake || !rules.trophic) return verdict;
  const assess::TrophicState state =
      assess::judge_trophic(*rules.trophic, trophic_values(*rules.trophic, context, means));
  if (!state.index) return verdict;
  Row trophic = row;
  trophic.indicator = kWaterTrophic;
  trophic.value = state.index;
  trophic.grade = 0;
  trophic.primary = {};
  trophic.standard = rules.trophic->standard;
  trophic.verification = rules.trophic->verification;
  trophic.complete = state.items == rules.trophic->items.size();
  const std::string items = fmt::format("{} of {} items", state.items, rules.trophic->items.size());
  trophic.reason = trophic.complete ? std::string_view() : std::string_view(items);
  if (state.grade != nullptr) {
    trophic.grade =
        sink.grade(Grade{std::string(state.grade->text("grade")),
                         {std::string(state.grade->text("name_zh")), std::string(state.grade->text("name_en"))},
                         "",
                         {}});
    trophic.verification = std::max(trophic.verification, state.grade->verification);
  }
  MJ_CHECK(sink.emit(trophic));
  return verdict;
}

}  // namespace mj::evaluation
