#include "mj/appraisal/appraise.hpp"

#include <algorithm>
#include <set>

#include "appraise_with.hpp"

namespace mj::appraisal {
namespace {

using assess::Exact;
using registry::LocalName;

bool is_looked_up(const ValueRule& rule) {
  return std::holds_alternative<StatisticsFigure>(rule.rule) ||
         std::holds_alternative<EvaluationFigure>(rule.rule) || std::holds_alternative<RegisterFigure>(rule.rule);
}

/// The subjects of a scheme: those it lists, else all that have a figure of statistics or evaluation.
Result<std::vector<std::string>> look_up(const Scheme& scheme, const evaluation::EvaluationPeriod& period,
                                         const FigureSources& sources, FigureTable& figures) {
  std::set<std::string> subjects(scheme.subjects.begin(), scheme.subjects.end());
  for (const bool of_register : {false, true}) {  // the register is asked about subjects that are known by then
    const std::vector<std::string> known(subjects.begin(), subjects.end());
    for (const ValueRule& rule : scheme.values) {
      if (!is_looked_up(rule) || std::holds_alternative<RegisterFigure>(rule.rule) != of_register) continue;
      auto found = sources.figures(rule, scheme, period, of_register ? known : scheme.subjects);
      if (!found) return found.error().context(rule.id);
      for (const auto& [subject, figure] : *found) {
        if (scheme.subjects.empty() && !of_register && !subject.empty()) subjects.insert(subject);
      }
      figures.emplace(rule.id, *std::move(found));
    }
  }
  return std::vector<std::string>(subjects.begin(), subjects.end());
}

LocalName local(const standards::Text& text) { return {text.zh, text.en}; }

AppraisedItem item_of(const Scheme& scheme, const Indicator& indicator, const SubjectValues& values,
                      Exact& total) {
  AppraisedItem item;
  item.id = indicator.id;
  item.most = indicator.most;
  if (!indicator.figure.empty()) {
    const auto& figure = values.at(indicator.figure);
    const ValueRule* rule = scheme.value(indicator.figure);
    item.unit = rule->unit;
    if (figure.value) {
      const auto shown = parse_decimal(figure.text);
      item.figure = shown ? shown : figure.value->round(rule->decimals.value_or(scheme.decimals));
    }
  }
  const auto& computed = values.at(indicator.points);
  item.steps = computed.steps;
  if (!computed.value) {
    item.reason = computed.reason;
    return item;
  }
  Exact points = *computed.value;
  const auto keep = [&](const Decimal& bound, int side, const char* zh, const char* en) {
    if (Exact::compare(points, Exact(bound)).value_or(0) * side <= 0) return;
    points = Exact(bound);
    item.steps.push_back(
        {{fmt::format("{} {}", zh, to_text(bound)), fmt::format("{} {}", en, to_text(bound))}, {}});
  };
  keep(indicator.most, 1, "不超过最高分", "not above");
  keep(indicator.least, -1, "不低于最低分", "not below");
  item.points = points.round(scheme.decimals);
  total = total + points;
  return item;
}

AppraisedRow row_of(const Scheme& scheme, const Party& subject, const SubjectValues& values,
                    std::map<std::string, std::uint64_t>& missing) {
  AppraisedRow row;
  row.subject = subject;
  Exact total(Decimal{0, 0});
  bool any = false;
  for (const Indicator& indicator : scheme.indicators) {
    row.items.push_back(item_of(scheme, indicator, values, total));
    const bool known = row.items.back().points.has_value();
    any = any || known;
    row.complete = row.complete && known;
    if (!known) ++missing[indicator.id];
  }
  if (!any) return row;
  for (const Veto& veto : scheme.vetoes) {
    const auto holds = values.holds(veto.when);
    if (!holds) row.complete = false;
    if (!holds.value_or(false)) continue;
    row.veto = local(veto.title);
    total = Exact(Decimal{0, 0});
    break;
  }
  row.total = total.round(scheme.decimals);
  return row;
}

/// Best first, equal totals with one rank, without a total last and by id.
void rank(std::vector<AppraisedRow>& rows) {
  std::sort(rows.begin(), rows.end(), [](const AppraisedRow& a, const AppraisedRow& b) {
    if (a.total.has_value() != b.total.has_value()) return a.total.has_value();
    const int order = a.total ? compare(*a.total, *b.total) : 0;
    return order != 0 ? order > 0 : a.subject.id < b.subject.id;
  });
  for (std::size_t i = 0; i < rows.size() && rows[i].total; ++i) {
    const bool shared = i > 0 && compare(*rows[i].total, *rows[i - 1].total) == 0;
    rows[i].rank = shared ? rows[i - 1].rank : static_cast<int>(i) + 1;
  }
}

std::optional<Party> party_of(Role role, const Scheme& scheme, const AppraisedSubject& subject) {
  switch (role) {
    case Role::subject: return subject.party;
    case Role::region: return subject.region;
    case Role::upstream: return subject.upstream;
    case Role::downstream: return subject.downstream;
    case Role::fund: return Party{"fund", scheme.id, local(scheme.fund)};
  }
  return std::nullopt;
}

AppraisedPayment payment_of(const Scheme& scheme, const Payment& payment, const AppraisedSubject& subject,
                            const SubjectValues& values) {
  AppraisedPayment made;
  made.subject = subject.party;
  const auto payer = party_of(payment.payer, scheme, subject);
  const auto receiver = party_of(payment.receiver, scheme, subject);
  const Party unknown{"", "", {"登记册未载明", "not in the register"}};
  made.payer = payer.value_or(unknown);
  made.receiver = receiver.value_or(unknown);
  const auto& computed = values.at(payment.amount);
  made.steps = computed.steps;
  if (!computed.value) {
    made.reason = computed.reason;
    return made;
  }
  if (!payer || !receiver) {
    made.reason = {"登记册没有该点位的支付方或接收方行政区",
                   "the register lacks the region that pays or receives for this point"};
    return made;
  }
  const auto amount = computed.value->round(scheme.decimals);
  if (!amount) {
    made.reason = {"金额位数过多", "the amount has too many digits"};
    return made;
  }
  made.amount = Decimal{amount->mantissa < 0 ? -amount->mantissa : amount->mantissa, amount->decimals};
  if (amount->mantissa < 0) std::swap(made.payer, made.receiver);
  return made;
}

std::vector<Balance> balances_of(const std::vector<AppraisedPayment>& payments, std::uint8_t decimals) {
  std::vector<Balance> balances;
  const auto of = [&](const Party& party) -> Balance& {
    const auto found = std::ranges::find_if(balances, [&](const Balance& one) { return one.party == party; });
    if (found != balances.end()) return *found;
    const Decimal nothing{0, decimals};
    balances.push_back({party, nothing, nothing, nothing});
    return balances.back();
  };
  for (const AppraisedPayment& payment : payments) {
    if (!payment.amount) continue;
    of(payment.payer).pays.mantissa += payment.amount->mantissa;
    of(payment.receiver).receives.mantissa += payment.amount->mantissa;
  }
  for (Balance& balance : balances) balance.net.mantissa = balance.receives.mantissa - balance.pays.mantissa;
  std::sort(balances.begin(), balances.end(), [](const Balance& a, const Balance& b) {
    return std::pair(a.party.kind, a.party.id) < std::pair(b.party.kind, b.party.id);
  });
  return balances;
}

void add_notes(const Scheme& scheme, const evaluation::EvaluationPeriod& period, Appraisal& appraisal) {
  auto& notes = appraisal.notes;
  if (scheme.example)
    notes.push_back({{"本方案为示例，系数由使用单位自行确定，不是公布的文件",
                      "this scheme is an operator's example; its figures come from no published document"},
                     {}});
  if (!scheme.example && scheme.verification != standards::Verification::verified)
    notes.push_back(
        {{fmt::format("方案系数核实状态：{}", standards::name(scheme.verification)),
          fmt::format("state of verification of the scheme: {}", standards::name(scheme.verification))},
         {}});
  if (!scheme.note.zh.empty()) notes.push_back({local(scheme.note), {}});
  if (!scheme.validity.contains(period.begin))
    notes.push_back(
        {{"该时段不在方案有效期内，仅供参考", "the scheme is not in force in this period; for information only"},
         {}});
}

}  // namespace

Result<Appraisal> appraise(const Scheme& scheme, const evaluation::EvaluationPeriod& period,
                           const FigureSources& sources) {
  FigureTable figures;
  return appraise_with(scheme, period, sources, figures);
}

Result<Appraisal> appraise_with(const Scheme& scheme, const evaluation::EvaluationPeriod& period,
                                const FigureSources& sources, FigureTable& figures) {
  if (period.kind != scheme.period)
    return Error(ErrorCode::invalid_input,
                 fmt::format("period: the scheme {} is applied to a {}, e.g. {}", scheme.id,
                             evaluation::name(scheme.period),
                             scheme.period == evaluation::PeriodKind::month     ? "2026-03"
                             : scheme.period == evaluation::PeriodKind::quarter ? "2026-Q1"
                                                                                : "2026"));
  Appraisal appraisal;
  appraisal.period = period;
  add_notes(scheme, period, appraisal);
  MJ_TRY(const std::vector<std::string> subjects, look_up(scheme, period, sources, figures));
  std::map<std::string, std::uint64_t> missing;
  for (const std::string& id : subjects) {
    const AppraisedSubject subject = sources.subject(scheme, id, period);
    const SubjectValues values(scheme, figures, id);
    if (scheme.kind == SchemeKind::score) appraisal.rows.push_back(row_of(scheme, subject.party, values, missing));
    for (const Payment& payment : scheme.payments) {
      appraisal.payments.push_back(payment_of(scheme, payment, subject, values));
      if (!appraisal.payments.back().amount) ++missing[payment.amount];
    }
  }
  rank(appraisal.rows);
  appraisal.balances = balances_of(appraisal.payments, scheme.decimals);
  for (const auto& [id, count] : missing)
    appraisal.notes.push_back(
        {{fmt::format("{}：缺少数据，不计", id), fmt::format("{}: a figure is missing, not counted", id)}, count});
  return appraisal;
}

}  // namespace mj::appraisal
