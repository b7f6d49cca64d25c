// One figure of an appraisal: its steps in words, its operations.
#include "figure_writer.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "value_derivation.hpp"

namespace mj::appraisal {
namespace {

using evaluation::Derivation;
using evaluation::Derived;
using evaluation::Sheet;
using standards::Text;

constexpr std::string_view kPoints = "points.";
constexpr std::string_view kFigure = "figure.";
constexpr std::string_view kPayment = "payment.";

Text text_of(const registry::LocalName& name) { return {name.zh, name.en}; }

void add_steps(Sheet& sheet, const std::vector<Step>& steps) {
  for (const Step& step : steps) {
    evaluation::SheetStep line;
    line.title = text_of(step.text);
    sheet.steps.push_back(std::move(line));
  }
}

void add_result(Sheet& sheet, const Text& title) {
  evaluation::SheetStep line;
  line.title = title;
  line.result = sheet.figure.value ? to_text(*sheet.figure.value) : "";
  line.unit = sheet.unit;
  sheet.steps.push_back(std::move(line));
}

/// Another figure of the same appraisal among the inputs.
Derived add_input(Sheet& sheet, const FigureName& of, std::string_view subject, std::string_view indicator,
                  std::string label, Decimal value, const std::string& at) {
  evaluation::SheetInput input;
  input.label = std::move(label);
  input.at = at;
  input.text = to_text(value);
  input.unit = sheet.unit;
  input.figure = value;
  input.prove = FigureName{of.scheme, std::string(subject), std::string(indicator), of.from, of.to}.text();
  sheet.inputs.push_back(std::move(input));
  return Derivation::input(sheet.inputs.size() - 1, value);
}

/// Writes one figure.
class FigureWriter {
 public:
  FigureWriter(const MadeAppraisal& made, FigureSheet& out)
      : made_(made),
        scheme_(*made.scheme),
        out_(out),
        sheet_(out.sheet),
        period_(made.appraisal.period.label()),
        derivation_(sheet_.operations, sheet_.tables, made.appraisal.period.end().plus_ms(-1)),
        values_(scheme_, made.figures, out.name.subject, period_, derivation_, sheet_.inputs) {
    sheet_.figure.subject = out.name.subject;
    sheet_.figure.indicator = out.name.indicator;
    sheet_.figure.period = made.appraisal.period;
    sheet_.figure.standard = scheme_.document;
    sheet_.figure.verification = scheme_.verification;
    sheet_.unit = scheme_.unit;
  }

  Status write() {
    const std::string& indicator = out_.name.indicator;
    if (indicator == "pays" || indicator == "receives" || indicator == "net") return write_balance(indicator);
    if (indicator.starts_with(kPayment)) return write_payment(indicator.substr(kPayment.size()));
    const auto row = std::ranges::find(made_.appraisal.rows, out_.name.subject,
                                       [](const AppraisedRow& each) { return each.subject.id; });
    if (row == made_.appraisal.rows.end()) return no_such_figure(out_.name);
    out_.subject = row->subject;
    if (indicator == "total") return write_total(*row);
    if (indicator == "rank") return write_rank(*row);
    for (std::size_t i = 0; i < scheme_.indicators.size(); ++i) {
      if (indicator == fmt::format("{}{}", kPoints, scheme_.indicators[i].id))
        return write_points(scheme_.indicators[i], row->items[i]);
      if (indicator == fmt::format("{}{}", kFigure, scheme_.indicators[i].id))
        return write_shown(scheme_.indicators[i], row->items[i]);
    }
    return no_such_figure(out_.name);
  }

 private:
  /// Points of an indicator within its bounds, not rounded.
  Written points_of(const Indicator& indicator) {
    FractionWriter& writer = values_.writer();
    const Written points = values_.of(indicator.points);
    if (!points) return std::nullopt;
    const Written most = writer.literal(assess::Exact(indicator.most), indicator.clause);
    const Written least = writer.literal(assess::Exact(indicator.least), indicator.clause);
    return writer.choose(writer.at_most(points, most), writer.choose(writer.at_most(least, points), points, least),
                         most);
  }

  void conclude(const Written& written, const Text& title) {
    out_.title = title;
    add_result(sheet_, title);
    if (!written && !values_.obstacle().zh.empty()) {
      sheet_.unproved = values_.obstacle();
      return;
    }
    if (!written && sheet_.figure.value && derivation_.gap() == evaluation::Gap::none) {
      sheet_.unproved = {"该数据只依据登记册、方案规定的数值或没有任何数据的时段，没有可验证的监测数据",
                         "It rests on the register, the scheme or a time without any value alone; there is no "
                         "measured figure to prove"};
      return;
    }
    finish(written ? written->over : std::nullopt);
  }
  void finish(const Derived& figure) {
    evaluation::conclude(sheet_, derivation_, figure);
    if (sheet_.result) sheet_.prove = out_.name.text();
  }

  Status write_points(const Indicator& indicator, const AppraisedItem& item) {
    sheet_.figure.value = item.points;
    add_steps(sheet_, item.steps);
    values_.use(indicator.points);
    conclude(values_.writer().round(points_of(indicator), scheme_.decimals), indicator.title);
    return {};
  }

  Status write_shown(const Indicator& indicator, const AppraisedItem& item) {
    if (indicator.figure.empty()) return no_such_figure(out_.name);
    sheet_.figure.value = item.figure;
    sheet_.unit = item.unit;
    values_.use(indicator.figure);
    const ValueRule* rule = scheme_.value(indicator.figure);
    const SubjectValues values(scheme_, made_.figures, out_.name.subject);
    add_steps(sheet_, values.at(indicator.figure).steps);
    Written written = values_.of(indicator.figure);
    if (written && !written->whole)
      written = values_.writer().round(
          written, item.figure ? item.figure->decimals : rule->decimals.value_or(scheme_.decimals));
    conclude(written, rule->title);
    return {};
  }

  Status write_total(const AppraisedRow& row) {
    sheet_.figure.value = row.total;
    for (std::size_t i = 0; i < row.items.size(); ++i) {
      if (row.items[i].points) values_.use(scheme_.indicators[i].points);
    }
    for (const Veto& veto : scheme_.vetoes) {
      for (const std::string& name : veto.when.names()) values_.use(name);
    }
    FractionWriter& writer = values_.writer();
    Written total;
    bool complete = true;
    for (std::size_t i = 0; i < row.items.size(); ++i) {
      if (!row.items[i].points) continue;
      add_steps(sheet_, row.items[i].steps);
      const Written points = points_of(scheme_.indicators[i]);
      complete = complete && points;
      total = total ? writer.add(total, points) : points;
    }
    if (!complete) total.reset();
    const SubjectValues values(scheme_, made_.figures, out_.name.subject);
    for (const Veto& veto : scheme_.vetoes) {
      const auto holds = values.holds(veto.when);
      if (!holds) continue;  // what it asks about is missing, so it takes nothing
      total = writer.when(writer.negation(values_.condition(veto.when)), total);
      if (*holds) {
        add_steps(sheet_, {{{"一票否决：" + veto.title.zh, "Takes all points: " + veto.title.en}, {}, {}}});
        break;
      }
    }
    conclude(writer.round(total, scheme_.decimals), {"总分", "Total"});
    return {};
  }

  /// One more than the totals above: the totals of all subjects are figures of their own.
  Status write_rank(const AppraisedRow& row) {
    out_.title = {"名次", "Rank"};
    sheet_.unit.clear();
    if (!row.rank) return no_such_figure(out_.name);
    sheet_.figure.value = Decimal{*row.rank, 0};
    std::vector<Derived> totals;
    Derived own;
    for (const AppraisedRow& each : made_.appraisal.rows) {
      if (!each.total) continue;
      totals.push_back(
          add_input(sheet_, out_.name, each.subject.id, "total", each.subject.id, *each.total, period_));
      if (each.subject.id == row.subject.id) own = totals.back();
    }
    std::vector<Derived> ahead;
    for (const Derived& each : totals) ahead.push_back(derivation_.difference(each, own));
    const Derived above =
        derivation_.difference(derivation_.count_all(ahead), derivation_.count(ahead, Decimal{0, 0}));
    const Derived rank = derivation_.sum(std::array{above, derivation_.count_all(std::span(&own, 1))});
    add_steps(sheet_, {{{"总分高于它的对象数，加一（同分同名次）",
                         "Subjects with a higher total, and one (equal totals share a rank)"},
                        {},
                        {}}});
    add_result(sheet_, out_.title);
    finish(rank);
    return {};
  }

  Status write_payment(std::string_view number) {
    std::size_t which = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), which);
    if (error != std::errc() || end != number.data() + number.size() || which < 1 ||
        which > scheme_.payments.size() || number.front() == '0')
      return no_such_figure(out_.name);
    const Payment& payment = scheme_.payments[which - 1];
    // Payments stand subject by subject, in the order of the scheme.
    std::size_t seen = 0;
    for (const AppraisedPayment& each : made_.appraisal.payments) {
      if (each.subject.id != out_.name.subject || ++seen != which) continue;
      out_.subject = each.subject;
      sheet_.figure.value = each.amount;
      add_steps(sheet_, each.steps);
      values_.use(payment.amount);
      const Written amount = values_.writer().round(values_.of(payment.amount), scheme_.decimals);
      conclude(values_.writer().magnitude(amount), payment.title);
      return {};
    }
    return no_such_figure(out_.name);
  }

  Status write_balance(const std::string& indicator) {
    const auto balance = std::ranges::find_if(made_.appraisal.balances, [&](const Balance& each) {
      return each.party.kind + ":" + each.party.id == out_.name.subject;
    });
    if (balance == made_.appraisal.balances.end()) return no_such_figure(out_.name);
    out_.subject = balance->party;
    out_.title = indicator == "pays"       ? Text{"应付", "Pays"}
                 : indicator == "receives" ? Text{"应收", "Receives"}
                                           : Text{"净额", "Net"};
    sheet_.figure.value = indicator == "pays"       ? balance->pays
                          : indicator == "receives" ? balance->receives
                                                    : balance->net;
    std::vector<Derived> paid;
    std::vector<Derived> received;
    std::map<std::string, std::size_t> seen;
    for (const AppraisedPayment& each : made_.appraisal.payments) {
      const std::size_t which = ++seen[each.subject.id];
      if (!each.amount) continue;
      const bool pays = each.payer == balance->party;
      const bool receives = each.receiver == balance->party;
      if (!(pays && indicator != "receives") && !(receives && indicator != "pays")) continue;
      const Derived amount = add_input(sheet_, out_.name, each.subject.id, fmt::format("{}{}", kPayment, which),
                                       each.subject.id, *each.amount, period_);
      if (pays && indicator != "receives") paid.push_back(amount);
      if (receives && indicator != "pays") received.push_back(amount);
    }
    add_steps(sheet_, {{{"各笔金额之和", "Sum of the amounts"}, {}, {}}});
    add_result(sheet_, out_.title);
    if (paid.empty() && received.empty()) {
      sheet_.unproved = {"没有任何一笔款项", "There is no such payment"};
      return {};
    }
    const Derived pays = derivation_.sum(paid);
    const Derived receives = derivation_.sum(received);
    const bool net = indicator == "net";
    finish(paid.empty()       ? receives
           : received.empty() ? (net ? derivation_.scale(pays, {-1, 0}) : pays)
                              : derivation_.difference(receives, pays));
    return {};
  }

  const MadeAppraisal& made_;
  const Scheme& scheme_;
  FigureSheet& out_;
  Sheet& sheet_;
  std::string period_;
  Derivation derivation_;
  ValueDerivation values_;
};

}  // namespace

Error no_such_figure(const FigureName& name) {
  return Error(ErrorCode::not_found, fmt::format("there is no figure {}", name.text()));
}

Status write_figure(const MadeAppraisal& made, FigureSheet& out) { return FigureWriter(made, out).write(); }

}  // namespace mj::appraisal
