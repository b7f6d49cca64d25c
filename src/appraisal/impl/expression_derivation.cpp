#include "expression_derivation.hpp"

#include "expression_content.hpp"

namespace mj::appraisal {
namespace {

class ExpressionWriter {
 public:
  ExpressionWriter(const std::vector<ExpressionNode>& nodes, FractionWriter& writer, const WrittenOf& named)
      : nodes_(nodes), writer_(writer), named_(named) {}

  Written of(std::size_t place) {
    const ExpressionNode& node = nodes_[place];
    switch (node.operation) {
      case Operation::number: return writer_.literal(node.number);
      case Operation::name: return named_(node.name);
      case Operation::known: return named_(nodes_[node.arguments[0]].name) ? writer_.one() : std::nullopt;
      case Operation::choice: return choice(node);
      default: break;
    }
    const Written a = of(node.arguments[0]);
    if (!a) return std::nullopt;
    switch (node.operation) {
      case Operation::negate: return writer_.negate(a);
      case Operation::magnitude: return writer_.magnitude(a);
      case Operation::least:
      case Operation::most: return extreme(node, a);
      default: break;
    }
    return combine(node.operation, a, of(node.arguments[1]));
  }

 private:
  Written combine(Operation operation, const Written& a, const Written& b) {
    switch (operation) {
      case Operation::add: return writer_.add(a, b);
      case Operation::subtract: return writer_.subtract(a, b);
      case Operation::multiply: return writer_.multiply(a, b);
      case Operation::divide: return writer_.divide(a, b);
      case Operation::less: return writer_.negation(writer_.at_most(b, a));
      case Operation::at_most: return writer_.at_most(a, b);
      case Operation::greater: return writer_.negation(writer_.at_most(a, b));
      case Operation::at_least: return writer_.at_most(b, a);
      case Operation::equal: return writer_.equal(a, b);
      case Operation::differs: return writer_.negation(writer_.equal(a, b));
      case Operation::both: return writer_.both(a, b);
      case Operation::either: return writer_.either(a, b);
      case Operation::rounded: {
        const auto digits = b ? b->value.round(0) : std::nullopt;
        if (!digits || digits->mantissa < 0 || digits->mantissa > 12) return std::nullopt;
        return writer_.round(a, static_cast<std::uint8_t>(digits->mantissa));
      }
      default: return std::nullopt;
    }
  }

  Written choice(const ExpressionNode& node) {
    const Written condition = of(node.arguments[0]);
    if (!condition) return std::nullopt;
    return writer_.choose(condition, of(node.arguments[1]), of(node.arguments[2]));
  }

  Written extreme(const ExpressionNode& node, Written best) {
    for (std::size_t i = 1; i < node.arguments.size(); ++i) {
      const Written other = of(node.arguments[i]);
      const Written keeps =
          node.operation == Operation::least ? writer_.at_most(best, other) : writer_.at_most(other, best);
      if (!keeps) return std::nullopt;
      best = writer_.choose(keeps, best, other);
    }
    return best;
  }

  const std::vector<ExpressionNode>& nodes_;
  FractionWriter& writer_;
  const WrittenOf& named_;
};

}  // namespace

Written write_expression(const Expression& formula, FractionWriter& writer, const WrittenOf& named) {
  return ExpressionWriter(formula.content().nodes, writer, named).of(formula.content().root);
}

}  // namespace mj::appraisal
