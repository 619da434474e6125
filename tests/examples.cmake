# SPDX-License-Identifier: MIT
# The tests of the examples; each program ends with an exit code that says whether it worked. One
# whose library is missing is listed as not run.
function(add_example target name)
  if(TARGET ${target})
    add_test(NAME ${name} COMMAND ${ARGN})
  else()
    add_test(NAME ${name} COMMAND false)
    set_tests_properties(${name} PROPERTIES DISABLED ON)
  endif()
  set_tests_properties(${name} PROPERTIES LABELS example)
endfunction()

file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/examples/*.cpp)
foreach(source IN LISTS sources)
  cmake_path(GET source STEM name)
  add_example(${name} example_${name} ${name})
endforeach()
add_example(cpp17_bridge example_cpp17_bridge cpp17_bridge)
add_example(armadillo_weights armadillo armadillo_weights)
add_example(torch_module torch torch_module)
add_example(mpi_blocks mpi sh ${CMAKE_CURRENT_SOURCE_DIR}/mpi.sh ${MPIEXEC_EXECUTABLE}
  $<TARGET_FILE:mpi_blocks>)
# Of these two, the tests' -Og would take longer to run than -O2 to compile.
foreach(target signal digits)
  if(TARGET ${target})
    target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU,Clang>:-O2>)
  endif()
endforeach()
add_example(signal signal sh ${CMAKE_CURRENT_SOURCE_DIR}/signal.sh $<TARGET_FILE:signal>
  ${PROJECT_SOURCE_DIR}/examples/signal/signal.gnuplot ${CMAKE_CURRENT_BINARY_DIR})
add_example(churn churn sh ${CMAKE_CURRENT_SOURCE_DIR}/churn.sh $<TARGET_FILE:churn>
  ${PROJECT_SOURCE_DIR}/examples/churn/churn.gnuplot ${CMAKE_CURRENT_BINARY_DIR})
add_example(digits digits sh ${CMAKE_CURRENT_SOURCE_DIR}/digits.sh $<TARGET_FILE:digits>
  ${PROJECT_SOURCE_DIR}/examples/digits/digits.conf ${CMAKE_CURRENT_BINARY_DIR})
set_tests_properties(signal PROPERTIES COST 100) # begins first: at the end it would run alone
