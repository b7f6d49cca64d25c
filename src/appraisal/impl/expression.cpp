#include "expression_content.hpp"

#include <algorithm>
#include <array>

namespace mj::appraisal {
namespace {

using assess::Exact;
using Node = ExpressionNode;
using Token = ExpressionToken;

Error formula_error(std::size_t place, std::string_view what) {
  return Error(ErrorCode::invalid_input, fmt::format("formula, place {}: {}", place, what));
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_name_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

Result<std::vector<Token>> tokens_of(std::string_view text) {
  constexpr std::array<std::string_view, 14> kSymbols{"<=", ">=", "!=", "<", ">", "=", "+",
                                                      "-",  "*",  "/",  "(", ")", ",", "×"};
  std::vector<Token> tokens;
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == ' ' || text[i] == '\n' || text[i] == '\t') {
      ++i;
      continue;
    }
    std::size_t end = i;
    Token token{Token::Kind::symbol, {}, i + 1};
    if (is_digit(text[i])) {
      while (end < text.size() && (is_digit(text[end]) || text[end] == '.')) ++end;
      token.kind = Token::Kind::number;
    } else if (is_name_start(text[i])) {
      while (end < text.size() && (is_name_start(text[end]) || is_digit(text[end]))) ++end;
      token.kind = Token::Kind::name;
    } else {
      const auto symbol =
          std::ranges::find_if(kSymbols, [&](auto one) { return text.substr(i).starts_with(one); });
      if (symbol == kSymbols.end()) return formula_error(i + 1, fmt::format("\"{}\" means nothing here", text[i]));
      end = i + symbol->size();
    }
    token.text = text.substr(i, end - i);
    if (token.text == "×") token.text = "*";
    tokens.push_back(std::move(token));
    i = end;
  }
  tokens.push_back({Token::Kind::end, "the end", text.size() + 1});
  return tokens;
}

/// Reads tokens from left to right; each function reads one level of precedence.
class Parser {
 public:
  explicit Parser(const std::vector<Token>& tokens) : tokens_(tokens) {}

  Result<std::size_t> whole() {
    MJ_TRY(const std::size_t root, either());
    if (now().kind != Token::Kind::end) return formula_error(now().place, "an operator was expected");
    return root;
  }
  std::vector<Node> nodes;

 private:
  [[nodiscard]] const Token& now() const { return tokens_[next_]; }
  bool take(std::string_view text) {
    if (now().kind == Token::Kind::end || now().text != text) return false;
    ++next_;
    return true;
  }
  std::size_t add(Operation operation, std::vector<std::size_t> arguments) {
    nodes.push_back({operation, {}, {}, std::move(arguments)});
    return nodes.size() - 1;
  }

  Result<std::size_t> either() {
    MJ_TRY(std::size_t left, both());
    while (take("or")) {
      MJ_TRY(const std::size_t right, both());
      left = add(Operation::either, {left, right});
    }
    return left;
  }
  Result<std::size_t> both() {
    MJ_TRY(std::size_t left, comparison());
    while (take("and")) {
      MJ_TRY(const std::size_t right, comparison());
      left = add(Operation::both, {left, right});
    }
    return left;
  }
  Result<std::size_t> comparison() {
    MJ_TRY(const std::size_t left, sum());
    constexpr std::array<std::pair<std::string_view, Operation>, 6> kComparisons{{{"<=", Operation::at_most},
                                                                                  {">=", Operation::at_least},
                                                                                  {"!=", Operation::differs},
                                                                                  {"<", Operation::less},
                                                                                  {">", Operation::greater},
                                                                                  {"=", Operation::equal}}};
    for (const auto& [symbol, operation] : kComparisons) {
      if (!take(symbol)) continue;
      MJ_TRY(const std::size_t right, sum());
      return add(operation, {left, right});
    }
    return left;
  }
  Result<std::size_t> sum() {
    MJ_TRY(std::size_t left, product());
    for (;;) {
      const bool plus = take("+");
      if (!plus && !take("-")) return left;
      MJ_TRY(const std::size_t right, product());
      left = add(plus ? Operation::add : Operation::subtract, {left, right});
    }
  }
  Result<std::size_t> product() {
    MJ_TRY(std::size_t left, sign());
    for (;;) {
      const bool times = take("*");
      if (!times && !take("/")) return left;
      MJ_TRY(const std::size_t right, sign());
      left = add(times ? Operation::multiply : Operation::divide, {left, right});
    }
  }
  Result<std::size_t> sign() {
    if (++depth_ > kMostDepth) return formula_error(now().place, "too deep");
    if (take("-")) {
      MJ_TRY(const std::size_t inner, sign());
      --depth_;
      return add(Operation::negate, {inner});
    }
    auto result = primary();
    --depth_;
    return result;
  }
  Result<std::size_t> primary() {
    const Token token = now();
    if (take("(")) {
      MJ_TRY(const std::size_t inner, either());
      if (!take(")")) return formula_error(now().place, "\")\" was expected");
      return inner;
    }
    ++next_;
    if (token.kind == Token::Kind::number) {
      const auto number = parse_decimal(token.text);
      if (!number) return formula_error(token.place, fmt::format("\"{}\" is no decimal", token.text));
      nodes.push_back({Operation::number, Exact(*number), {}, {}});
      return nodes.size() - 1;
    }
    if (token.kind != Token::Kind::name || token.text == "and" || token.text == "or")
      return formula_error(token.place, "a number, a name or \"(\" was expected");
    if (take("(")) return call(token);
    nodes.push_back({Operation::name, {}, token.text, {}});
    return nodes.size() - 1;
  }
  Result<std::size_t> call(const Token& function) {
    std::vector<std::size_t> arguments;
    if (!take(")")) {
      for (;;) {
        MJ_TRY(const std::size_t argument, either());
        arguments.push_back(argument);
        if (take(")")) break;
        if (!take(",")) return formula_error(now().place, "\",\" or \")\" was expected");
      }
    }
    struct Known {
      std::string_view name;
      Operation operation;
      std::size_t least;
      std::size_t most;
    };
    constexpr std::array<Known, 6> kFunctions{{{"min", Operation::least, 1, 20},
                                               {"max", Operation::most, 1, 20},
                                               {"abs", Operation::magnitude, 1, 1},
                                               {"round", Operation::rounded, 2, 2},
                                               {"if", Operation::choice, 3, 3},
                                               {"known", Operation::known, 1, 1}}};
    for (const Known& known : kFunctions) {
      if (known.name != function.text) continue;
      if (arguments.size() < known.least || arguments.size() > known.most)
        return formula_error(function.place, fmt::format("{} takes {} arguments", known.name, known.least));
      if (known.operation == Operation::known && nodes[arguments[0]].operation != Operation::name)
        return formula_error(function.place, "known takes a name");
      return add(known.operation, std::move(arguments));
    }
    return formula_error(function.place, fmt::format("there is no function {}", function.text));
  }

  static constexpr int kMostDepth = 100;
  const std::vector<Token>& tokens_;
  std::size_t next_ = 0;
  int depth_ = 0;
};

Exact whole_number(int value) { return Exact(Decimal{value, 0}); }

}  // namespace

namespace {

/// Computes the nodes of a formula; remembers the first name without a value.
class Evaluation {
 public:
  Evaluation(const std::vector<Node>& nodes, const ValueOf& value_of) : nodes_(nodes), value_of_(value_of) {}
  std::optional<Exact> of(std::size_t place) {
    const Node& node = nodes_[place];
    switch (node.operation) {
      case Operation::number: return node.number;
      case Operation::name: return named(node.name);
      case Operation::known: return whole_number(value_of_(nodes_[node.arguments[0]].name).value ? 1 : 0);
      case Operation::choice: {
        const auto condition = of(node.arguments[0]);
        if (!condition) return std::nullopt;
        return of(node.arguments[is_true(*condition) ? 1 : 2]);
      }
      default: break;
    }
    std::vector<Exact> values;
    for (const std::size_t argument : node.arguments) {
      const auto value = of(argument);
      if (!value) return std::nullopt;
      values.push_back(*value);
    }
    const Exact result = combine(node.operation, values);
    return result.lost() ? std::nullopt : std::optional(result);
  }
  std::string missing;

 private:
  std::optional<Exact> named(const std::string& name) {
    auto value = value_of_(name).value;
    if (!value && missing.empty()) missing = name;
    return value;
  }
  static bool is_true(const Exact& value) { return Exact::compare(value, whole_number(0)) != 0; }

  static Exact combine(Operation operation, const std::vector<Exact>& values) {
    const Exact lost = Exact::of(0, 0);
    const auto order = values.size() > 1 ? Exact::compare(values[0], values[1]) : std::optional(0);
    if (!order) return lost;
    const auto truth = [](bool value) { return whole_number(value ? 1 : 0); };
    switch (operation) {
      case Operation::negate: return whole_number(0) - values[0];
      case Operation::add: return values[0] + values[1];
      case Operation::subtract: return values[0] - values[1];
      case Operation::multiply: return values[0] * values[1];
      case Operation::divide: return values[0] / values[1];
      case Operation::less: return truth(*order < 0);
      case Operation::at_most: return truth(*order <= 0);
      case Operation::greater: return truth(*order > 0);
      case Operation::at_least: return truth(*order >= 0);
      case Operation::equal: return truth(*order == 0);
      case Operation::differs: return truth(*order != 0);
      case Operation::both: return truth(is_true(values[0]) && is_true(values[1]));
      case Operation::either: return truth(is_true(values[0]) || is_true(values[1]));
      case Operation::magnitude:
        return Exact::compare(values[0], whole_number(0)).value_or(0) < 0 ? whole_number(0) - values[0]
                                                                          : values[0];
      case Operation::rounded: return rounded(values[0], values[1]);
      case Operation::least:
      case Operation::most: {
        Exact best = values[0];
        for (const Exact& value : values) {
          const auto sign = Exact::compare(value, best);
          if (!sign) return lost;
          if (operation == Operation::least ? *sign < 0 : *sign > 0) best = value;
        }
        return best;
      }
      default: return lost;
    }
  }
  static Exact rounded(const Exact& value, const Exact& digits) {
    constexpr int kMostDigits = 12;
    for (int count = 0; count <= kMostDigits; ++count) {
      if (Exact::compare(digits, whole_number(count)) != 0) continue;
      const auto result = value.round(static_cast<std::uint8_t>(count));
      return result ? Exact(*result) : Exact::of(0, 0);
    }
    return Exact::of(0, 0);
  }

  const std::vector<Node>& nodes_;
  const ValueOf& value_of_;
};

}  // namespace

Result<Expression> Expression::parse(std::string_view text) {
  auto content = std::make_shared<Content>();
  content->text = text;
  MJ_TRY(content->tokens, tokens_of(text));
  Parser parser(content->tokens);
  MJ_TRY(content->root, parser.whole());
  content->nodes = std::move(parser.nodes);
  for (const Node& node : content->nodes) {
    if (node.operation == Operation::name &&
        std::find(content->names.begin(), content->names.end(), node.name) == content->names.end())
      content->names.push_back(node.name);
  }
  return Expression(std::move(content));
}

Outcome Expression::evaluate(const ValueOf& value_of) const {
  Evaluation evaluation(content_->nodes, value_of);
  Outcome outcome;
  outcome.value = evaluation.of(content_->root);
  if (!outcome.value) outcome.missing = evaluation.missing;
  return outcome;
}

const std::vector<std::string>& Expression::names() const { return content_->names; }
const std::string& Expression::text() const { return content_->text; }

std::string Expression::substituted(const ValueOf& value_of) const {
  std::string result;
  for (std::size_t i = 0; i < content_->tokens.size(); ++i) {
    const Token& token = content_->tokens[i];
    if (token.kind == Token::Kind::end) break;
    const bool function = content_->tokens[i + 1].text == "(";
    const bool value = token.kind == Token::Kind::name && !function && token.text != "and" && token.text != "or";
    const bool tight = token.text == ")" || token.text == "," || token.text == "(";
    if (!result.empty() && result.back() != '(' && !tight) result += ' ';
    if (token.text == "(" && i > 0 && content_->tokens[i - 1].kind == Token::Kind::symbol && result.back() != '(')
      result += ' ';
    result += value ? value_of(token.text).text : token.text == "*" ? "×" : token.text;
  }
  return result;
}

std::string shown(const Exact& value) {
  constexpr std::uint8_t kMostDigits = 9;
  for (std::uint8_t digits = 0; digits <= kMostDigits; ++digits) {
    const auto rounded = value.round(digits);
    if (rounded && Exact::compare(Exact(*rounded), value) == 0) return to_text(*rounded);
  }
  const auto rounded = value.round(6);
  return rounded ? "≈ " + to_text(*rounded) : "—";
}

}  // namespace mj::appraisal
