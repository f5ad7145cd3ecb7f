//! Routes of handlers. Each handler is boxed here at once: what axum builds around a handler is compiled
//! for one type and not for each of some 230, which took a third of the time that this crate takes to compile.

use std::pin::Pin;
use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::handler::Handler;
use axum::response::Response;
use axum::routing::{MethodFilter, MethodRouter};

type Answer = Pin<Box<dyn Future<Output = Response> + Send>>;

/// A handler, whatever it extracts.
struct Boxed<S>(Arc<dyn Fn(Request, S) -> Answer + Send + Sync>);

impl<S> Clone for Boxed<S> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<S: Send + Sync + 'static> Handler<(), S> for Boxed<S> {
    type Future = Answer;

    fn call(self, request: Request, state: S) -> Answer {
        (self.0)(request, state)
    }
}

/// The handlers of a path, by method.
pub(crate) struct Methods<S>(MethodRouter<S>);

impl<S: Clone + Send + Sync + 'static> Methods<S> {
    fn on<T>(self, method: MethodFilter, handler: impl Handler<T, S>) -> Self {
        let call =
            move |request, state| -> Answer { Box::pin(handler.clone().call(request, state)) };
        Self(self.0.on(method, Boxed(Arc::new(call))))
    }
}

macro_rules! methods {
    ($($name:ident $method:ident),*) => {
        impl<S: Clone + Send + Sync + 'static> Methods<S> {$(
            pub(crate) fn $name<T>(self, handler: impl Handler<T, S>) -> Self {
                self.on(MethodFilter::$method, handler)
            }
        )*}
        $(
            pub(crate) fn $name<T, S>(handler: impl Handler<T, S>) -> Methods<S>
            where
                S: Clone + Send + Sync + 'static,
            {
                Methods(MethodRouter::new()).$name(handler)
            }
        )*
    };
}

methods!(get GET, post POST, put PUT, patch PATCH, delete DELETE);

/// Adds paths to a router.
pub(crate) trait Routes<S> {
    fn at(self, path: &str, methods: Methods<S>) -> Self;
}

impl<S: Clone + Send + Sync + 'static> Routes<S> for Router<S> {
    fn at(self, path: &str, methods: Methods<S>) -> Self {
        self.route(path, methods.0)
    }
}
