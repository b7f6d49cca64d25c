#pragma once

#include <string>
#include <vector>

#include "mj/appraisal/expression.hpp"

namespace mj::appraisal {

/// What a node does.
enum class Operation {
  number,
  name,
  negate,
  add,
  subtract,
  multiply,
  divide,
  less,
  at_most,
  greater,
  at_least,
  equal,
  differs,
  both,
  either,
  least,
  most,
  magnitude,
  rounded,
  choice,
  known
};

/// A node of a formula.
struct ExpressionNode {
  Operation operation = Operation::number;
  assess::Exact number;
  std::string name;
  std::vector<std::size_t> arguments;  ///< places of nodes
};

/// A word of a formula.
struct ExpressionToken {
  enum class Kind { number, name, symbol, end } kind = Kind::end;
  std::string text;
  std::size_t place = 0;  ///< in the formula, from 1
};

struct Expression::Content {
  std::string text;
  std::vector<ExpressionToken> tokens;
  std::vector<ExpressionNode> nodes;
  std::size_t root = 0;
  std::vector<std::string> names;
};

}  // namespace mj::appraisal
