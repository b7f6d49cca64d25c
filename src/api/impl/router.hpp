#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "http.hpp"
#include "query.hpp"

namespace mj::api {

/// A request that found its route.
struct Call {
  std::map<std::string, std::string, std::less<>> path;  ///< values of the {names} of the path, decoded
  Query query;
  const Request* request = nullptr;  ///< never null while a handler runs

  [[nodiscard]] const std::string& at(std::string_view name) const { return path.find(name)->second; }
};

using Handler = std::function<Result<Answer>(const Call&)>;

/// One operation of the contract.
struct Route {
  std::string_view operation;  ///< operationId
  Method method = Method::get;
  std::string_view path;  ///< template, e.g. "/api/points/{id}/series"
  Handler handler;
};

/// Finds the operation of a request by the path templates of the contract.
class Router {
 public:
  explicit Router(std::vector<Route> routes);
  [[nodiscard]] const std::vector<Route>& routes() const { return routes_; }

  /// Runs the handler; failures become error answers: 404 for an unknown path, 405 with Allow for another method.
  [[nodiscard]] Answer answer(const Request& request) const;

 private:
  std::vector<Route> routes_;
};

}  // namespace mj::api
