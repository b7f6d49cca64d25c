#include "router.hpp"

#include <exception>

#include <fmt/format.h>

#include "mj/runtime/log.hpp"

namespace mj::api {
namespace {

/// Takes the first segment off `path`, which begins with a slash.
std::string_view take_segment(std::string_view& path) {
  path.remove_prefix(1);
  const std::size_t slash = path.find('/');
  const std::string_view segment = path.substr(0, slash);
  path = slash == std::string_view::npos ? std::string_view() : path.substr(slash);
  return segment;
}

bool match(std::string_view pattern, std::string_view path,
           std::map<std::string, std::string, std::less<>>& values) {
  values.clear();
  while (!pattern.empty() && !path.empty()) {
    const std::string_view expected = take_segment(pattern);
    const auto given = percent_decode(take_segment(path));
    if (!given) return false;
    if (expected.starts_with('{')) {
      if (given->empty()) return false;
      values.emplace(expected.substr(1, expected.size() - 2), *given);
    } else if (*given != expected) {
      return false;
    }
  }
  return pattern.empty() && path.empty();
}

std::string_view name(Method method) { return method == Method::post ? "POST" : "GET, HEAD"; }

}  // namespace

Router::Router(std::vector<Route> routes) : routes_(std::move(routes)) {}

Answer Router::answer(const Request& request) const {
  const std::string_view target = request.target;
  const std::size_t question = target.find('?');
  const std::string_view path = target.substr(0, question);
  Call call;
  std::string allowed;
  for (const Route& route : routes_) {
    if (!path.starts_with('/') || !match(route.path, path, call.path)) continue;
    if (route.method != request.method) {
      allowed += fmt::format("{}{}", allowed.empty() ? "" : ", ", name(route.method));
      continue;
    }
    auto query =
        Query::parse(question == std::string_view::npos ? std::string_view() : target.substr(question + 1));
    if (!query) return error_answer(query.error());
    call.query = *std::move(query);
    call.request = &request;
    try {
      auto answer = route.handler(call);
      if (answer) return *std::move(answer);
      if (http_status(answer.error().code()) >= 500) {
        runtime::log(runtime::Level::warning, "api", "{} {}: {}", request.method_name, path,
                     answer.error().text());
      }
      return error_answer(answer.error());
    } catch (const std::exception& exception) {
      // A library threw where we expected none: the request fails, the server goes on.
      runtime::log(runtime::Level::error, "api", "{} {}: {}", request.method_name, path, exception.what());
      return error_answer(Error(ErrorCode::internal, "the server failed at this request; its log says why"));
    }
  }
  if (!allowed.empty()) {
    Answer answer = error_answer(405, "method_not_allowed",
                                 fmt::format("{} is not possible here; use {}", request.method_name, allowed));
    answer.headers.push_back({"Allow", allowed});
    return answer;
  }
  return error_answer(
      Error(ErrorCode::not_found, fmt::format("there is no {}; /api/docs shows what there is", path)));
}

}  // namespace mj::api
