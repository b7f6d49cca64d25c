#include "appraisal_json.hpp"

#include <fmt/format.h>

#include "mj/registry/day.hpp"
#include "statistics_json.hpp"

namespace mj::api {
namespace {

using appraisal::Scheme;

Json scheme_day_json(Instant at) { return registry::to_text(registry::Day::of(at)); }

Json digits_or_null(const std::optional<Decimal>& value) { return value ? Json(to_text(*value)) : Json(nullptr); }

Json party_json(const appraisal::Party& party) {
  return {{"kind", party.kind}, {"id", party.id}, {"name", name_json(party.name.zh, party.name.en)}};
}

Json steps_json(const std::vector<appraisal::Step>& steps) {
  Json json = Json::array();
  for (const appraisal::Step& step : steps)
    json.push_back({{"text", name_json(step.text.zh, step.text.en)},
                    {"entry", step.lineage.empty() ? Json(nullptr) : Json(step.lineage)},
                    {"prove", step.prove.empty() ? Json(nullptr) : Json(step.prove)}});
  return json;
}

Json scheme_item(std::string_view id, const standards::Text& title, std::string_view unit, Json weight,
                 std::string_view clause) {
  return {
      {"id", id}, {"title", name_json(title)}, {"unit", unit}, {"weight", std::move(weight)}, {"clause", clause}};
}

Json scheme_items_json(const Scheme& scheme) {
  Json items = Json::array();
  for (const appraisal::Indicator& indicator : scheme.indicators) {
    const appraisal::ValueRule* figure = indicator.figure.empty() ? nullptr : scheme.value(indicator.figure);
    items.push_back(scheme_item(indicator.id, indicator.title, figure == nullptr ? "" : figure->unit,
                                digits_or_null(indicator.most), indicator.clause));
  }
  for (std::size_t i = 0; i < scheme.vetoes.size(); ++i)
    items.push_back(
        scheme_item(fmt::format("veto{}", i + 1), scheme.vetoes[i].title, "", nullptr, scheme.vetoes[i].clause));
  if (scheme.kind == appraisal::SchemeKind::compensation) {
    for (const appraisal::ValueRule& value : scheme.values)
      items.push_back(scheme_item(value.id, value.title, value.unit, nullptr, value.clause));
  }
  return items;
}

Json score_item_json(const appraisal::AppraisedItem& item) {
  return {{"id", item.id},
          {"figure", decimal_or_null(item.figure)},
          {"unit", item.unit},
          {"points", decimal_or_null(item.points)},
          {"most", digits_or_null(item.most)},
          {"reason", reason_json(item.reason)},
          {"steps", steps_json(item.steps)}};
}

Json score_row_json(const appraisal::AppraisedRow& row) {
  Json items = Json::array();
  for (const appraisal::AppraisedItem& item : row.items) items.push_back(score_item_json(item));
  return {{"subject", party_json(row.subject)},
          {"total", decimal_or_null(row.total)},
          {"rank", row.rank ? Json(*row.rank) : Json(nullptr)},
          {"complete", row.complete},
          {"veto", reason_json(row.veto)},
          {"items", std::move(items)}};
}

Json compensation_json(const appraisal::AppraisedPayment& payment) {
  return {{"payer", party_json(payment.payer)},     {"receiver", party_json(payment.receiver)},
          {"subject", party_json(payment.subject)}, {"amount", decimal_or_null(payment.amount)},
          {"reason", reason_json(payment.reason)},  {"steps", steps_json(payment.steps)}};
}

}  // namespace

Json appraisal_scheme_json(const Scheme& scheme) {
  return {{"id", scheme.id},
          {"title", name_json(scheme.title)},
          {"kind", appraisal::name(scheme.kind)},
          {"period", evaluation::name(scheme.period)},
          {"jurisdiction", scheme.jurisdiction},
          {"valid_from", scheme_day_json(scheme.validity.from)},
          {"valid_to", scheme.validity.to ? scheme_day_json(scheme.validity.to->plus_ms(-1)) : Json(nullptr)},
          {"document", scheme.document},
          {"source", scheme.source},
          {"verification", standards::name(scheme.verification)},
          {"example", scheme.example},
          {"unit", scheme.unit},
          {"subjects", scheme.subjects.size()},
          {"items", scheme_items_json(scheme)}};
}

Json appraisal_sheet_json(const appraisal::FigureSheet& made, std::string_view period) {
  return figure_sheet_json(made.sheet, made.subject.name, {made.title.zh, made.title.en}, period, made.name.from,
                           made.name.to);
}

std::span<const Scheme> schemes_of(const Services& services) {
  return services.appraisal == nullptr ? std::span<const Scheme>() : std::span<const Scheme>(*services.appraisal);
}

Json appraisal_json(const Scheme& scheme, const appraisal::Appraisal& appraisal, Instant made_at) {
  Json rows = Json::array();
  for (const appraisal::AppraisedRow& row : appraisal.rows) rows.push_back(score_row_json(row));
  Json payments = Json::array();
  for (const appraisal::AppraisedPayment& payment : appraisal.payments)
    payments.push_back(compensation_json(payment));
  Json balances = Json::array();
  for (const appraisal::Balance& balance : appraisal.balances)
    balances.push_back({{"party", party_json(balance.party)},
                        {"pays", to_json(balance.pays)},
                        {"receives", to_json(balance.receives)},
                        {"net", to_json(balance.net)}});
  return {{"scheme", appraisal_scheme_json(scheme)},
          {"period", appraisal.period.label()},
          {"from", to_json(appraisal.period.begin)},
          {"to", to_json(appraisal.period.end())},
          {"made_at", to_json(made_at)},
          {"rows", std::move(rows)},
          {"payments", std::move(payments)},
          {"balances", std::move(balances)},
          {"notes", notes_json(appraisal.notes)}};
}

}  // namespace mj::api
